// Runs in the audio thread: passes mono samples on as 16-bit blocks of 100 ms, with their peak.

const FRAMES = 1600;

class PcmBlocks extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Int16Array(FRAMES);
    this.filled = 0;
    this.peak = 0;
  }

  process([channels]) {
    const frames = channels[0]?.length ?? 0;
    for (let index = 0; index < frames; index++) {
      let sample = 0;
      for (const channel of channels) sample += channel[index] / channels.length;
      this.peak = Math.max(this.peak, Math.abs(sample));
      this.block[this.filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
      if (this.filled === FRAMES) {
        this.port.postMessage({ block: this.block, peak: this.peak }, [this.block.buffer]);
        this.block = new Int16Array(FRAMES);
        this.filled = 0;
        this.peak = 0;
      }
    }
    return true;
  }
}

registerProcessor("pcm-blocks", PcmBlocks);
