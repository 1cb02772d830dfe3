"""Phrases that Whisper hallucinates in silence: lines of the subtitles it was trained on."""

from __future__ import annotations

from meetscribe.asr.quality.repetition import normalize_text

_PHRASES = """
you / bye / bye bye / thank you / thank you very much / thanks / so / okay / thanks for watching
thank you for watching / thank you so much for watching / thank you for watching and see you in the next video
see you next time / see you in the next video / please subscribe / please subscribe to my channel
please like and subscribe / dont forget to like and subscribe / ill see you next time / the end / music / applause
silence / blank audio / foreign / vielen dank / vielen dank fürs zuschauen / danke / danke fürs zuschauen
danke schön / tschüss / bis zum nächsten mal / merci / merci d'avoir regardé cette vidéo / merci à tous
abonnez-vous / gracias / gracias por ver el video / suscríbete / suscribete al canal / grazie
grazie per la visione / grazie a tutti / obrigado / obrigado por assistir / tchau / dank u wel
bedankt voor het kijken / tack för att ni tittade / tack till er som tittade / takk for at du så på
dziękuję / dziękuję za uwagę / dziękuję za obejrzenie / děkuji za pozornost / köszönöm a figyelmet
спасибо / спасибо за просмотр / спасибо за внимание / продолжение следует / подписывайтесь на канал
дякую за перегляд / ευχαριστώ / izlediğiniz için teşekkür ederim / abone ol / altyazı
ご視聴ありがとうございました / ご視聴ありがとうございます / ありがとうございました
おやすみなさい / チャンネル登録お願いします
谢谢大家 / 谢谢观看 / 谢谢 / 感谢观看 / 多谢您的观看 / 請不吝點贊訂閱轉發打賞支持明鏡與點點欄目
请不吝点赞订阅转发打赏支持明镜与点点栏目 / 시청해주셔서 감사합니다 / 감사합니다 / 구독과 좋아요 부탁드립니다
شكرا / شكرا للمشاهدة / اشتركوا في القناة / תודה רבה / تشکر / धन्यवाद / cảm ơn các bạn đã theo dõi
hãy đăng ký kênh / ขอบคุณที่รับชม
"""

_PREFIXES = """
subtitles by / subtitle by / subtitled by / captions by / captioned by / closed captions / subs by / amara org
transcription by / transcript by / translated by / copyright / www / untertitel / sous-titres / sous-titrage
subtítulos / sottotitoli / legendas / ondertiteling / ondertitels / undertexter / undertekster / tekstet av
napisy / titulky / feliratok / субтитры / субтитри / редактор субтитров / υπότιτλοι / altyazı mk / 字幕 / 자막
ترجمة نانسي / phụ đề
"""

PHRASES = frozenset(normalize_text(phrase) for line in _PHRASES.strip().splitlines() for phrase in line.split("/"))
PREFIXES = tuple(normalize_text(phrase) for line in _PREFIXES.strip().splitlines() for phrase in line.split("/"))


def is_known_phrase(text: str) -> bool:
    """Return whether a text is one of the phrases, once or repeated, or begins with one of the prefixes.

    Some of the phrases also occur in speech.

    >>> [is_known_phrase(text) for text in ("Thank you. Thank you.", "Subtitles by Ada", "Thank you for it.")]
    [True, True, False]
    """
    letters = normalize_text(text)
    if letters.startswith(PREFIXES):
        return True
    return any(
        letters == letters[:length] * (len(letters) // length)
        for length in range(1, len(letters) + 1)
        if letters[:length] in PHRASES
    )
