import type { SignedCheckpoint } from './checkpoint.ts';

export interface CheckpointMailWords {
  /** What it is, and what to do with it. */
  text(f: { site: string; size: number; madeAt: string; key: string }): string;
}

export interface CheckpointMail {
  readonly text: string;
  readonly attachments: readonly { readonly name: string; readonly content: string }[];
}

/**
 * The signed checkpoint as part of a mail: in somebody's mailbox nobody who owns this machine can reach it. Saved as it is, or
 * its attachment alone, it is a kept checkpoint for `girok ledger verify --checkpoint`. It names no person.
 *
 * @param madeAt local time of the site, `YYYY-MM-DD HH:MM:SS`
 * @param key the log's, as `vkeyOf` writes it
 */
export function checkpointMail(
  { size, note }: SignedCheckpoint,
  { site, madeAt, key, words }: { site: string; madeAt: string; key: string; words: CheckpointMailWords },
): CheckpointMail {
  const day = madeAt.slice(0, 10);
  return {
    // The note stands in the text too: some mailboxes take attachments away.
    text: `${words.text({ site, size, madeAt, key })}\n\n${note}`,
    attachments: [{ name: `${day}-${size}.checkpoint`, content: note }],
  };
}
