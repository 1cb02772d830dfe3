// The connection of a live session: unconfirmed audio is kept, and resent after a reconnection.

const RATE = 16000;
const PING_SECONDS = 20;
const WAITS = [1, 2, 4, 8, 15, 30]; // seconds before each new attempt

export class LiveSocket {
  constructor(hello, on) {
    this.hello = hello;
    this.on = on;
    this.blocks = []; // not confirmed yet: [first frame, samples]
    this.frames = 0; // fed so far
    this.last = 0; // the number of the last event
    this.failures = 0;
    this.connect();
  }

  connect() {
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.send({ ...this.hello, type: "hello", version: 1, session: this.session, last_seq: this.last });
    this.socket.onmessage = (message) => this.receive(JSON.parse(message.data));
    this.socket.onclose = () => this.closed();
    clearInterval(this.pinging);
    this.pinging = setInterval(() => this.send({ type: "ping" }), PING_SECONDS * 1000);
  }

  receive(message) {
    if (message.type === "ready") {
      this.session = message.session;
      this.failures = 0;
      this.isReady = true;
      this.confirm(message.audio_received_s);
      for (const [, block] of this.blocks) this.socket.send(block);
    } else if (message.type === "ack") this.confirm(message.audio_s);
    else if (message.type === "event") this.last = message.seq;
    else if (message.type === "stopped" || message.type === "error") this.isEnded = true;
    this.on(message);
  }

  confirm(seconds) {
    const frame = Math.round(seconds * RATE);
    while (this.blocks.length && this.blocks[0][0] + this.blocks[0][1].length <= frame) this.blocks.shift();
    if (this.blocks.length && this.blocks[0][0] < frame) {
      const [start, block] = this.blocks[0];
      this.blocks[0] = [frame, block.subarray(frame - start)];
    }
  }

  feed(block) {
    this.blocks.push([this.frames, block]);
    this.frames += block.length;
    if (this.isReady && this.socket.readyState === WebSocket.OPEN) this.socket.send(block);
  }

  /** Send a message, or drop it while there is no connection. */
  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  closed() {
    clearInterval(this.pinging);
    this.isReady = false;
    if (this.isEnded) return;
    const wait = WAITS[Math.min(this.failures++, WAITS.length - 1)] * (0.8 + 0.4 * Math.random());
    this.on({ type: "lost", seconds: wait });
    this.waiting = setTimeout(() => this.connect(), wait * 1000);
  }

  close() {
    this.isEnded = true;
    clearTimeout(this.waiting);
    clearInterval(this.pinging);
    this.socket.close();
  }
}
