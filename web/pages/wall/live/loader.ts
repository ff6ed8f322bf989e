import type mpegts from 'mpegts.js';

/** How a picture's connection ended; `code` as RFC 6455 has it, 1006 where it never stood. */
export interface SocketEnd {
  readonly code: number;
  /** Ours: docs/design/live.md. */
  readonly reason: string;
}

/**
 * What brings a player its bytes. The player's own loader keeps the close code to itself, and it is what says whether
 * one may try again.
 */
export function socketLoader(player: typeof mpegts, onEnd: (end: SocketEnd) => void) {
  return class extends player.BaseLoader {
    #socket: WebSocket | undefined;
    #received = 0;

    constructor() {
      super('girok-live');
    }

    override open({ url }: { readonly url: string }): void {
      const socket = new WebSocket(url);
      this.#socket = socket;
      socket.binaryType = 'arraybuffer';
      this._status = player.LoaderStatus.kConnecting;
      socket.onopen = () => {
        this._status = player.LoaderStatus.kBuffering;
      };
      socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
        const at = this.#received;
        this.#received += data.byteLength;
        this.onDataArrival(data, at, this.#received);
      };
      socket.onclose = ({ code, reason }) => {
        if (this.#socket !== socket) return;
        this._status = player.LoaderStatus.kComplete;
        onEnd({ code, reason });
      };
    }

    override abort(): void {
      const socket = this.#socket;
      this.#socket = undefined;
      socket?.close();
      this._status = player.LoaderStatus.kComplete;
    }

    override destroy(): void {
      this.abort();
      super.destroy();
    }
  };
}
