import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isTrusted, parseCheckpoint, signCheckpoint } from '../../../src/ledger/checkpoint.ts';
import {
  cosignatureLine,
  NOTE_KEY,
  parseNote,
  parseVkey,
  verifierKey,
  vkeyOf,
} from '../../../src/ledger/note.ts';
import { createSigningKey, keyOfSeed, openSigningKey } from '../../../src/ledger/signing-key.ts';

const logSigner = keyOfSeed(Buffer.alloc(32, 1));
const log = verifierKey('girok.invalid/clinic/1', NOTE_KEY.log, logSigner.publicKey);
const witnessSigner = keyOfSeed(Buffer.alloc(32, 2));
const witness = verifierKey('witness.example/w1', NOTE_KEY.witness, witnessSigner.publicKey);
const root = Buffer.alloc(32, 7);
const note = signCheckpoint({ origin: log.name, size: 42, root }, log, logSigner.privateKey);

describe('a checkpoint', () => {
  it('is a note whose text is origin, size and root', () => {
    expect(note.split('\n').slice(0, 4)).toEqual([log.name, '42', root.toString('base64'), '']);
    const read = parseCheckpoint(note);
    expect(read).toMatchObject({ origin: log.name, size: 42 });
    expect(read && isTrusted(read, log)).toBe(true);
  });

  it('is trusted for the log’s own key only, and with every known signature right', () => {
    const stranger = verifierKey(log.name, NOTE_KEY.log, witnessSigner.publicKey);
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const cosigned = `${note}${cosignatureLine(text, witness, witnessSigner.privateKey, 1_700_000_000)}\n`;
    const read = parseCheckpoint(cosigned)!;
    expect(read.signed.signatures).toHaveLength(2);
    expect(isTrusted(read, log, [witness])).toBe(true);
    expect(isTrusted(read, log)).toBe(true);
    expect(isTrusted(read, stranger, [witness])).toBe(false);
    const forged = `${note}${cosignatureLine(`${text}x\n`, witness, witnessSigner.privateKey, 1_700_000_000)}\n`;
    expect(isTrusted(parseCheckpoint(forged)!, log, [witness])).toBe(false);
  });

  it.each([
    ['an extension line', note.replace('\n\n', '\nmore\n\n')],
    ['a leading zero', note.replace('42', '042')],
    ['no signature', note.slice(0, note.indexOf('—'))],
    ['a short root', note.replace(root.toString('base64'), root.subarray(1).toString('base64'))],
    ['base64 that is written in another way', note.replace('Bwc=', 'Bwd=')],
    ['another dash', note.replace('—', '-')],
    ['a control character', note.replace('clinic', 'cli\tnic')],
    ['nothing', ''],
  ])('is not read with %s', (_what, text) => {
    expect(text).not.toBe(note);
    expect(parseCheckpoint(text)).toBeUndefined();
  });

  it('is read as the example of the specification is', () => {
    const example =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned e subito sera.\n\n' +
      '— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';
    expect(parseNote(example)?.signatures[0]).toMatchObject({ name: 'quasimodo.example/salvatore' });
    expect(parseNote(example)?.text.split('\n')).toHaveLength(5);
  });
});

describe('a key', () => {
  it('is handed around as one text that has one way of being written', () => {
    expect(parseVkey(vkeyOf(log))).toEqual(log);
    expect(parseVkey(vkeyOf(witness))).toEqual(witness);
    for (const wrong of ['', 'a+b+c', `${vkeyOf(log)} `, vkeyOf(log).replace('clinic', 'clinik')])
      expect(parseVkey(wrong)).toBeUndefined();
  });

  it('lies sealed under the root key and opens with no other, and for no other site', () => {
    const rootKey = randomBytes(32);
    const made = createSigningKey(rootKey, 'clinic');
    expect(made.sealed).toHaveLength(60);
    expect(openSigningKey(made.sealed, rootKey, 'clinic').publicKey.equals(made.publicKey)).toBe(true);
    for (const [key, site] of [
      [randomBytes(32), 'clinic'],
      [rootKey, 'hospital'],
    ] as const)
      expect(() => openSigningKey(made.sealed, key, site)).toThrow('root_key_wrong');
  });
});
