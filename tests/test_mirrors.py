"""Every module with functions has a test module at the mirrored path, or a row that names the test that covers it."""

from __future__ import annotations

import ast
from pathlib import Path, PurePosixPath

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "meetscribe"

COVERED_BY = {
    # every engine passes the same contract
    "asr/engines/test_whisper_engines.py": """
        asr/engines/faster_whisper asr/engines/mlx_whisper asr/engines/openai_whisper asr/engines/transformers
        asr/engines/whisperx""",
    "attribution/test_evidence.py": "attribution/problem",
    "asr/engines/test_torch_device.py": "asr/engines/placement",
    "asr/test_protocol.py": "asr/clips",
    "corpus/executors/test_contract.py": """
        corpus/executors/protocol corpus/executors/ray/actor testing/executors""",
    "corpus/executors/cluster/test_executor.py": """
        corpus/executors/cluster/protocol corpus/executors/cluster/values corpus/executors/cluster/workers""",
    # a corpus is read, written, damaged and repaired as a whole
    "corpus/tables/test_writing.py": "corpus/tables/files/layout corpus/tables/files/parquet",
    "corpus/tables/test_verification.py": "corpus/tables/files/manifest",
    # every format passes golden files and round trips; what is only read is compared with other tools' files
    "formats/test_round_trips.py": """
        formats/ass formats/audacity formats/ctm formats/diarized_json formats/eaf formats/json formats/jsonl
        formats/parquet formats/seglst formats/srt formats/stm formats/textgrid formats/tsv formats/ttml formats/uem
        formats/vtt formats/whisper formats/whisperx""",
    "formats/test_golden.py": "formats/html formats/md formats/qda",
    "formats/test_files.py": "formats/txt",
    "formats/test_schemas.py": "formats/chapters formats/podcast formats/verbose_json",
    "formats/test_oracles.py": "formats/chat",
    "formats/test_dialects.py": """
        formats/aws formats/dote formats/fireflies formats/json3 formats/revai formats/sbv formats/srv3
        formats/parts/elan_tiers formats/parts/praat_spellings formats/parts/ttml_paragraphs
        formats/parts/ttml_times formats/parts/youtube""",
    "formats/test_reading.py": """
        formats/assemblyai formats/deepgram formats/pyannoteai formats/transformers formats/whisper_cpp
        formats/word_list formats/parts/foreign_json""",
    "formats/test_meeting_facts.py": "formats/parts/meeting",
    "formats/test_docx.py": "formats/parts/word_document formats/parts/word_writing",
    # the decoder and its process: recordings of every kind, then damaged and malicious ones
    "audio/test_loading.py": "audio/resampling audio/values",
    "audio/test_hostile_files.py": """
        audio/decoder audio/decoder_process audio/decoding audio/sandbox audio/settings audio/watchdog""",
    "audio/streaming/test_process.py": "audio/streaming/decoder audio/streaming/feeding",
    "weights/sources/test_hub_faults.py": "weights/sources/bundles weights/sources/hub",
    "cli/commands/test_weights.py": "weights/verifying",
    "alignment/test_wav2vec2.py": "alignment/loading",
    "alignment/test_word_times.py": "alignment/settings",
    "meetings/follow_up/test_collecting.py": """
        meetings/follow_up/documents meetings/follow_up/notes meetings/follow_up/values""",
    "vad/test_detection.py": "vad/settings",
    "diarization/test_inference.py": "diarization/windows",
    "diarization/campplus/test_network.py": "diarization/campplus/layers",
    "diarization/test_output.py": "diarization/speaker_count",
    "diarization/loading/test_safe_loading.py": "diarization/loading/hub",
    "evaluation/metrics/test_edit_distance.py": "evaluation/metrics/edit_rows",
    # the flow of the stages, with fakes in place of the models
    "pipeline/test_flow.py": "pipeline/entry_points pipeline/stage_runner pipeline/stages runtime/progress",
    "pipeline/test_model_identity.py": "pipeline/provenance",
    "settings/test_sources.py": "settings/format_options settings/rooms settings/toml_files",
    # the server as a whole: HTTP on loopback, then a browser
    "server/test_application.py": """
        server/body server/state server/jobs/feed server/jobs/queue
        server/jobs/store server/jobs/values server/api/creation server/api/jobs server/api/status
        server/api/transcripts server/api/uploads""",
    "server/test_security.py": "server/settings",
    "server/test_live.py": """
        server/live/audio_input server/live/connection server/live/models server/live/session
        server/live/sessions server/api/live""",
    "server/live/adapters/test_whisperlivekit.py": "server/live/adapters/serving",
    "cli/commands/test_serve.py": "server/running server/jobs/worker",
    # what the parts of a live session exchange
    "live/test_transcript.py": "live/protocols",
    "live/test_simulation.py": "live/processing/processor live/processing/stream live/processing/utterances",
    "live/test_session.py": "live/publisher live/worker",
    "live/recognition/test_recogniser.py": "live/recognition/window_decoding testing/live",
    # the rules are measured on meetings with planted items
    "minutes/test_making.py": """
        minutes/lexicon minutes/reversals minutes/summary minutes/__init__
        minutes/rules/candidates minutes/rules/extraction minutes/rules/merging""",
    "minutes/acts/test_model.py": """
        minutes/acts/features minutes/acts/grammar minutes/rules/likelihood minutes/rules/stated""",
    "minutes/rules/test_actions.py": "minutes/rules/commitments minutes/rules/requests",
    "minutes/llm/test_making.py": """
        minutes/llm/endpoint minutes/llm/items minutes/llm/kept minutes/llm/prompts minutes/llm/replies""",
    "minutes/verification/test_checking.py": "minutes/verification/claims",
    "minutes/verification/test_verifying.py": """
        minutes/verification/facts minutes/verification/people minutes/verification/quotes""",
    "minutes/output/test_view.py": "minutes/citations",
    # every store passes one contract
    "library/test_library.py": "library/settings library/values",
    "library/stores/test_contract.py": """
        library/stores/expression library/stores/filters library/stores/opening library/stores/protocol
        library/stores/rows library/stores/sql_store library/stores/postgres/search""",
    "library/stores/sqlite/test_store.py": "library/stores/sqlite/schema",
    # the report: its markup, and the documents read back
    "report/page/test_composing.py": """
        report/wording report/assets/__init__ report/page/header report/page/links report/page/minutes
        report/page/overview report/page/player report/page/statistics report/page/timeline report/page/transcript""",
    "report/test_saving.py": """
        report/__init__ report/documents/docx report/documents/json report/documents/markdown
        report/documents/speakers""",
    "report/test_browser.py": "transcript/doubt",
    "meetings/mcp/test_stdio.py": "cli/commands/library/assistants",
    # the command line as a whole
    "cli/test_options.py": "cli/application",
    "cli/commands/library/test_changing.py": "cli/library cli/commands/library/group",
    "test_light_start.py": "cli/__init__",
    "cli/display/test_run_progress.py": "cli/display/progress",
    "cli/commands/test_run.py": "cli/display/dry_run",
    "cli/commands/test_correct.py": "cli/corrections",
    "cli/commands/profiles/test_meetings.py": "cli/display/known_speakers cli/commands/profiles/group",
    "plots/test_style.py": "plots/cumulative plots/lanes plots/shares plots/transitions",
    "cli/commands/test_stats.py": "cli/display/statistics publishing/statistics",
    "cli/commands/test_podcast.py": "cli/podcasts",
    "podcast/test_show_notes.py": "podcast/notes_wording",
    "podcast/tagging/test_mp4.py": "podcast/tagging/mp4_boxes podcast/tagging/mp4_chapters",
    "doctor/test_checks.py": "cli/commands/doctor",
    "test_public_face.py": "__init__ evaluation/__init__ plots/__init__",
    # a comparison of two versions of a text is one algorithm in several modules
    "transcript/comparison/test_importing.py": """
        transcript/comparison/alignment transcript/comparison/assignments transcript/comparison/changes
        transcript/comparison/comparing transcript/comparison/insertions transcript/comparison/refinement
        transcript/comparison/speakers""",
    # statistics: intervals and floor by property tests, the values of a speaker and a meeting by one meeting
    "analytics/test_statistics.py": """
        analytics/analysis analytics/frames analytics/metric_rows analytics/overall analytics/rows
        analytics/speakers""",
    "analytics/floor/test_turns.py": "analytics/floor/units",
    "transcript/edits/test_word_operations.py": """
        transcript/edits/description transcript/edits/methods transcript/edits/revision transcript/edits/word_edits""",
    # a whole run of training: loaded, planned, trained, saved, converted and scored
    "training/test_running.py": """
        training/comparison/engines training/comparison/transcribing training/loop/memory
        training/planning training/preparation""",
    "training/loop/test_trainer.py": "training/loop/decoding",
    "training/progress/test_log.py": "training/progress/events",
    "training/data/test_summary.py": "training/data/omissions",
    "cli/commands/live/test_command.py": """
        cli/commands/live/recording cli/commands/live/clients""",
    "cli/commands/train/test_data.py": "cli/commands/train/__init__",
    "transcript/native/test_reader.py": "transcript/native/checks transcript/native/edits",
}
"""The test module that covers modules without one of their own, from the folders of the tests and of the package."""

ELSEWHERE = {PurePosixPath(f"{module}.py"): test for test, modules in COVERED_BY.items() for module in modules.split()}


def has_functions(module: Path) -> bool:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in ast.walk(tree))


def unmirrored() -> set[PurePosixPath]:
    """Return the modules that have functions but no test module at the mirrored path."""
    paths = {PurePosixPath(path.relative_to(PACKAGE).as_posix()): path for path in PACKAGE.rglob("*.py")}
    return {
        name
        for name, path in paths.items()
        if not (TESTS / name.parent / f"test_{name.name}").is_file() and has_functions(path)
    }


def test_every_module_has_a_test() -> None:
    """A new module gets a test module; only if another one covers it, it gets a place in the table."""
    assert sorted(map(str, unmirrored() - ELSEWHERE.keys())) == []


def test_the_table_has_no_stale_entries() -> None:
    """Each module in it exists, has functions and no test module of its own; each test exists; none is twice."""
    assert sorted(map(str, ELSEWHERE.keys() - unmirrored())) == []
    assert [test for test in COVERED_BY if not (TESTS / test).is_file()] == []
    assert len(ELSEWHERE) == sum(len(modules.split()) for modules in COVERED_BY.values())
