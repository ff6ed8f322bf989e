import { createHmac } from 'node:crypto';
import { keyMemory } from './key-memory.ts';

/** HKDF-Expand-SHA-256 (RFC 5869 §2.3) without Extract, as the specification asks. Unpooled result. */
export function expand(prk: Buffer, info: Buffer, bytes: number): Buffer {
  const out = keyMemory(bytes);
  let previous = Buffer.alloc(0);
  for (let at = 0, counter = 1; at < bytes; counter++) {
    const block = createHmac('sha256', prk)
      .update(previous)
      .update(info)
      .update(Buffer.from([counter]))
      .digest();
    previous.fill(0);
    at += block.copy(out, at);
    previous = block;
  }
  previous.fill(0);
  return out;
}
