import { createHash, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, existsSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectorySync } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { fileModeInSync, makeSharedFolder } from '../lib/sharing.ts';
import { keyMemory } from './key-memory.ts';

/**
 * A place of the epoch secret: a file of two 4 KiB slots that are overwritten where they lie, never renamed and
 * never backed up, so that an old secret is physically gone once its slot is written again. Epoch n lies in
 * slot n mod 2: while a new secret is being written the old one stays whole.
 *
 * Slot: magic (8) · epoch (8, big endian) · secret (32) · SHA-256 of those 48 bytes (32) · zeros.
 */
export const SLOT_BYTES = 4096;
const MAGIC = Buffer.from('GIROKEP1', 'latin1');
const SECRET_AT = 16;
export const SECRET_BYTES = 32;
const CHECKSUM_AT = SECRET_AT + SECRET_BYTES;
const END = CHECKSUM_AT + 32;

export interface EpochSecret {
  readonly epoch: number;
  /** Unpooled; whoever gets it erases it. */
  readonly secret: Buffer;
}

/**
 * The valid slots of one place. A place that cannot be read (absent, a bad sector, a disk that is gone) has none:
 * that is what the other place is for, and with neither the caller says `epoch_lost`.
 */
export function readSlots(path: string): EpochSecret[] {
  try {
    return lookIntoSlots(path).flatMap(({ found }) => (found ? [found] : []));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return [];
  }
}

/** What lies in one of the two slots. */
export interface SlotLook {
  readonly found?: EpochSecret | undefined;
  /** Nothing but zeros; what is neither a secret nor zeros may be the remains of one. */
  readonly isEmpty: boolean;
}

/**
 * Both slots of a place as they are, damaged ones included.
 *
 * @throws the system's error; `ENOENT`: the place has no file, and so no secret
 */
export function lookIntoSlots(path: string): SlotLook[] {
  const raw = Buffer.alloc(2 * SLOT_BYTES);
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      for (let at = 0; at < raw.length; ) {
        const got = readSync(descriptor, raw, at, raw.length - at, at);
        if (got === 0) break;
        at += got;
      }
    } finally {
      closeSync(descriptor);
    }
    return [0, 1].map((index) => {
      const slot = raw.subarray(index * SLOT_BYTES, (index + 1) * SLOT_BYTES);
      return { found: decodeSlot(slot, index)[0], isEmpty: slot.every((byte) => byte === 0) };
    });
  } finally {
    raw.fill(0);
  }
}

/** Overwrites the epoch's slot in place and syncs it; makes the file first when there is none. */
export function writeSlot(path: string, { epoch, secret }: EpochSecret): void {
  const slot = encodeSlot(epoch, secret);
  try {
    overwrite(path, (epoch % 2) * SLOT_BYTES, slot);
  } finally {
    slot.fill(0);
  }
}

/**
 * Overwrites the slot of `epoch` where it lies, whatever it holds, and syncs it: zeros are nobody's secret.
 *
 * @returns false where the place has no file, and therefore no secret
 * @throws the system's error; the old secret may then still be there
 */
export function eraseSlot(path: string, epoch: number): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
  writeAndClose(descriptor, Buffer.alloc(SLOT_BYTES), (epoch % 2) * SLOT_BYTES);
  return true;
}

function overwrite(path: string, position: number, slot: Buffer): void {
  const isNew = !existsSync(path);
  if (isNew) makeSharedFolder(dirname(path));
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  const descriptor = openSync(path, flags, fileModeInSync(dirname(path)));
  // Both slots get their blocks at once, so that overwriting later never allocates.
  const whole = Buffer.alloc(2 * SLOT_BYTES);
  slot.copy(whole, position);
  try {
    writeAndClose(descriptor, isNew ? whole : slot, isNew ? 0 : position);
  } finally {
    whole.fill(0);
  }
  if (isNew) syncDirectorySync(dirname(path));
}

function writeAndClose(descriptor: number, data: Buffer, position: number): void {
  try {
    writeAll(descriptor, data, position);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, data: Buffer, position: number): void {
  for (let at = 0; at < data.length; ) at += writeSync(descriptor, data, at, data.length - at, position + at);
}

export function encodeSlot(epoch: number, secret: Buffer): Buffer {
  const slot = Buffer.alloc(SLOT_BYTES);
  MAGIC.copy(slot, 0);
  slot.writeBigUInt64BE(BigInt(epoch), 8);
  secret.copy(slot, SECRET_AT, 0, SECRET_BYTES);
  checksumOf(slot).copy(slot, CHECKSUM_AT);
  return slot;
}

/** @param index which of the two slots these bytes were; an epoch in the wrong one is not valid. */
export function decodeSlot(slot: Buffer, index: number): EpochSecret[] {
  if (slot.length < END || !slot.subarray(0, 8).equals(MAGIC)) return [];
  if (!timingSafeEqual(slot.subarray(CHECKSUM_AT, END), checksumOf(slot))) return [];
  const epoch = Number(slot.readBigUInt64BE(8));
  if (!Number.isSafeInteger(epoch) || epoch < 1 || epoch % 2 !== index) return [];
  const secret = keyMemory(SECRET_BYTES);
  slot.copy(secret, 0, SECRET_AT, CHECKSUM_AT);
  return [{ epoch, secret }];
}

const checksumOf = (slot: Buffer): Buffer =>
  createHash('sha256').update(slot.subarray(0, CHECKSUM_AT)).digest();
