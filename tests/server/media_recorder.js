// A client of WS /live whose audio is the bytes of a MediaRecorder: record() returns an object with stop().
// After a lost connection it sends the container again from its first byte; the server leaves out what it has.
async () => {
    const microphone = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const recorder = new MediaRecorder(microphone, { mimeType: "audio/webm;codecs=opus" });
    const blobs = [];
    const state = { events: [], connections: 0, received: 0, session: null, job: null, error: null };
    let socket, isReady, isStopped, ended;

    function stopIfComplete() {
        if (isStopped && isReady) socket.send(JSON.stringify({ type: "stop" }));
    }

    function connect() {
        isReady = false;
        socket = new WebSocket(`ws://${location.host}/live`);
        const last = state.events.at(-1)?.seq ?? 0;
        const hello = { type: "hello", version: 1, options: { language: "en" }, audio: { codec: "webm", start: 0 } };
        if (state.session) Object.assign(hello, { session: state.session, last_seq: last });
        socket.onopen = () => socket.send(JSON.stringify(hello));
        socket.onclose = () => state.job || state.error ? ended() : setTimeout(connect, 500);
        socket.onmessage = ({ data }) => {
            const message = JSON.parse(data);
            if (message.type === "ready") {
                isReady = true;
                state.connections += 1;
                state.session = message.session;
                for (const blob of blobs) socket.send(blob);
                stopIfComplete();
            } else if (message.type === "event") state.events.push(message);
            else if (message.type === "ack") state.received = message.audio_s;
            else if (message.type === "stopped") state.job = message.job;
            else if (message.type === "error") state.error = message;
        };
    }

    recorder.ondataavailable = ({ data }) => {
        blobs.push(data);
        if (isReady && socket.readyState === WebSocket.OPEN) socket.send(data);
    };
    const finished = new Promise((resolve) => (ended = resolve));
    connect();
    recorder.start(250);
    window.client = {
        state,
        stop: async () => {
            await new Promise((resolve) => {
                recorder.onstop = resolve;
                recorder.stop();
            });
            isStopped = true;
            stopIfComplete();
            await finished;
            return state;
        },
    };
}
