import { setTimeout as pause } from 'node:timers/promises';
import { storageFolders } from '../config/folders.ts';
import { createHoldCopies } from '../retention/hold-copies.ts';
import type { Hold } from '../retention/holds.ts';
import { createCopier, takeCopying } from '../stewardship/holds/copier.ts';
import { holdBookOf, holdsFolder } from '../stewardship/holds/places.ts';
import type { CommandContext } from './command.ts';
import { openReadingKeys } from './reading-keys.ts';

const LOOK_MS = 500;

/** What became of a hold: its page, and what it has. */
export interface Followed {
  readonly hold: Hold;
  readonly files: number;
  /** What could not be copied, because it is damaged or has just been erased. */
  readonly missed: readonly { readonly file: string; readonly code: string }[];
}

/**
 * Waits until a hold is copied or over. The steward copies; where none runs, this does it itself.
 *
 * @throws the signal's reason; where it copies itself, as the copying
 */
export async function followCopying(context: CommandContext, id: string): Promise<Followed> {
  const config = context.config();
  const folders = storageFolders(config);
  const book = holdBookOf(folders);
  const said = context.words.retention.hold;
  const copier = createCopier(config, context.clock, () => openReadingKeys(config, context));
  const say = saysOnce(context);
  try {
    for (;;) {
      const hold = await book.read(id);
      if (!hold) throw context.usageError(said.unknown({ hold: id }));
      const copies = await createHoldCopies(holdsFolder(folders), id).list();
      const missed = copies.flatMap((each) =>
        'missed' in each ? [{ file: each.file, code: each.missed }] : [],
      );
      if (hold.state !== 'copying') return { hold, files: copies.length - missed.length, missed };
      const right = takeCopying(folders);
      try {
        if (right) {
          const { state } = await copier.copy(hold, context.signal, (done, of) =>
            say(said.copying({ done, of })),
          );
          if (state === 'no_room') say(said.noRoom);
          if (state === 'waiting') say(said.waiting);
        } else say(said.stewardCopies({ files: copies.length }));
      } finally {
        right?.release();
      }
      await pause(LOOK_MS, undefined, { signal: context.signal });
    }
  } finally {
    await copier.close();
  }
}

/** A screen shows the last line all the time; a file need not have it twice. */
function saysOnce(context: CommandContext): (text: string) => void {
  let last = '';
  return (text) => {
    if (text !== last) context.progress(text);
    last = text;
  };
}
