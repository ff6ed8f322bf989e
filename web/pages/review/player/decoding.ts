import type { CodedPicture } from './group.ts';
import type { Track } from './init-segment.ts';

/** Decoded pictures in the order in which they were taken; each is let go of as soon as it is not needed. */
export interface Decoding {
  /** Decoded or being decoded, and not taken yet. */
  readonly ahead: number;
  /** Forgets all that it has. */
  begin(track: Track): void;
  feed(picture: CodedPicture): void;
  /** Gives out what it has. */
  finish(): void;
  /** The newest picture that stands at an instant, which the caller closes; those before it are gone. */
  take(atUs: number): VideoFrame | undefined;
  close(): void;
}

/**
 * @param came told when the picture was taken that can be had now
 * @param failed the decoder is of no use any more until `begin`
 */
export function createDecoding(came: (takenUs: number) => void, failed: (error: unknown) => void): Decoding {
  let decoder: VideoDecoder | undefined;
  let frames: VideoFrame[] = [];
  let known: Track | undefined;

  const drop = () => {
    for (const frame of frames) frame.close();
    frames = [];
  };
  const made = (): VideoDecoder => {
    const fresh: VideoDecoder = new VideoDecoder({
      output(frame) {
        if (decoder !== fresh) return frame.close();
        frames.push(frame);
        came(frame.timestamp);
      },
      error(error) {
        if (decoder !== fresh) return;
        known = undefined;
        failed(error);
      },
    });
    return fresh;
  };

  return {
    get ahead() {
      return frames.length + (decoder?.decodeQueueSize ?? 0);
    },
    begin(track) {
      drop();
      if (decoder?.state === 'configured' && known === track) decoder.reset();
      else {
        if (decoder && decoder.state !== 'closed') decoder.close();
        decoder = made();
      }
      decoder.configure(configOf(track));
      known = track;
    },
    feed({ isKey, atUs, durationUs, data }) {
      const type = isKey ? 'key' : 'delta';
      decoder?.decode(new EncodedVideoChunk({ type, timestamp: atUs, duration: durationUs, data }));
    },
    finish() {
      // That it was reset meanwhile is what was wanted; anything else is told to `error`.
      decoder?.flush().catch(() => undefined);
    },
    take(atUs) {
      let taken: VideoFrame | undefined;
      while (frames[0] && frames[0].timestamp <= atUs) {
        taken?.close();
        taken = frames.shift();
      }
      return taken;
    },
    close() {
      drop();
      if (decoder && decoder.state !== 'closed') decoder.close();
      decoder = undefined;
    },
  };
}

export const configOf = ({ codec, description }: Track): VideoDecoderConfig => ({ codec, description });
