import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { syncDirectorySync, writeFileDurablySync } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { makeSharedFolder } from '../lib/sharing.ts';

/**
 * `here`: the place that is noted. `missing`: nothing is there, or another place is: a disk that is not mounted
 * shows its empty mount point. `refused`: nobody can say.
 */
export type Presence =
  | { readonly state: 'here' | 'missing' }
  | { readonly state: 'refused'; readonly code: string };

export interface NotedPlace {
  readonly id: string;
  /** The folder it had. */
  readonly path: string;
  /** The epoch whose secret alone was in it when it was last looked at; 0: nobody has looked yet. */
  readonly epoch: number;
}

/**
 * The second place of keys and epoch secret, known by a mark in it (`place.json`) that is noted beside the keyring
 * (`keys/places.json`). A place that is away may hold a secret that opens what was erased meanwhile, so it is never
 * made anew in silence: only with the first keyring, or after an officer has given the old one up.
 */
export interface Places {
  /** The mirror's folder as it is at this moment. */
  mirror(): Presence;
  /** Undefined: none is noted. */
  noted(): NotedPlace | undefined;
  /**
   * Marks and notes the mirror where nothing is noted yet: a mirror that is there is taken as it is; an empty
   * folder only with `mayMake`, or after {@link giveUp}.
   */
  claim(mayMake: boolean): Presence;
  /** Nothing but this epoch's secret is in the mirror. */
  clean(epoch: number): void;
  /** An officer says that the noted place is lost for good; the next claim makes another. @returns its path */
  giveUp(): string;
  /** Places given up that are back under the path they had. */
  returned(): readonly string[];
}

const MARK = 'place.json';
const NOTES = 'places.json';
/** Of places given up; nobody loses more disks than that. */
const MOST_LOST = 16;

const markShape = z.object({ v: z.literal(1), place: z.uuid() });
const noted = z.object({ id: z.uuid(), path: z.string(), epoch: z.number().int().min(0) });
const notesShape = z.object({
  v: z.literal(1),
  mirror: noted.optional(),
  /** The mark of the place that may be made. */
  next: z.uuid().optional(),
  lost: z.array(noted),
});
type Notes = z.infer<typeof notesShape>;

/** @param folders the keyring's own, and its mirror's */
export function createPlaces(folders: { readonly folder: string; readonly mirrorFolder: string }): Places {
  const { folder, mirrorFolder } = folders;
  const path = join(folder, NOTES);

  /** Notes that cannot be read are no reason not to record: then nobody knows the mirror, and an alarm says so. */
  const read = (): Notes | { readonly code: string } | undefined => {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      return code === 'ENOENT' ? undefined : { code };
    }
    try {
      return notesShape.parse(JSON.parse(text));
    } catch {
      return { code: 'damaged' };
    }
  };
  const readable = (): Notes | undefined => {
    const notes = read();
    return notes && 'v' in notes ? notes : undefined;
  };
  const write = (notes: Notes) => writeFileDurablySync(path, `${JSON.stringify(notes)}\n`);
  const note = (notes: Notes | undefined, id: string) =>
    write({ v: 1, mirror: { id, path: mirrorFolder, epoch: 0 }, lost: notes?.lost ?? [] });

  const mirror = (): Presence => {
    const notes = read();
    if (notes && 'code' in notes) return { state: 'refused', code: notes.code };
    const mark = markOf(mirrorFolder);
    if (mark.state === 'refused') return mark;
    return { state: notes?.mirror && mark.id === notes.mirror.id ? 'here' : 'missing' };
  };

  const claim = (mayMake: boolean): Presence => {
    const notes = read();
    if (notes && ('code' in notes || notes.mirror)) return mirror();
    const mark = markOf(mirrorFolder);
    if (mark.state === 'refused') return mark;
    // After a place was given up only the one that was promised, or an empty or a given-up folder, is ours.
    const isOurs = notes ? mark.id === notes.next : mark.id !== STRANGE;
    const isFree = mark.id === undefined || notes?.lost.some(({ id }) => id === mark.id);
    const isOld =
      !notes && ['keyring.db', 'epoch.slots'].some((name) => existsSync(join(mirrorFolder, name)));
    if (mark.id !== undefined && isOurs) note(notes, mark.id);
    else if (isFree && (isOld || mayMake || notes?.next !== undefined)) {
      try {
        note(notes, putMark(mirrorFolder, notes?.next ?? randomUUID(), mark.id !== undefined));
      } catch (error) {
        const code = systemCode(error);
        if (code === undefined) throw error;
        return { state: 'refused', code };
      }
    }
    return mirror();
  };

  return {
    mirror,
    noted: () => readable()?.mirror,
    claim,
    clean(epoch) {
      const notes = readable();
      if (notes?.mirror && notes.mirror.epoch !== epoch)
        write({ ...notes, mirror: { ...notes.mirror, path: mirrorFolder, epoch } });
    },
    giveUp() {
      const notes = readable();
      const lost = [...(notes?.mirror ? [notes.mirror] : []), ...(notes?.lost ?? [])];
      write({ v: 1, next: notes?.next ?? randomUUID(), lost: lost.slice(0, MOST_LOST) });
      return notes?.mirror?.path ?? mirrorFolder;
    },
    returned: () =>
      (readable()?.lost ?? []).filter((each) => markOf(each.path).id === each.id).map((each) => each.path),
  };
}

type Mark =
  | { readonly state: 'read'; readonly id?: string | undefined }
  | { readonly state: 'refused'; readonly code: string; readonly id?: undefined };

/** A file that is no mark is somebody else's: no id is the same as it. */
const STRANGE = 'strange';

function markOf(folder: string): Mark {
  let text: string;
  try {
    text = readFileSync(join(folder, MARK), 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { state: 'read' } : { state: 'refused', code };
  }
  try {
    return { state: 'read', id: markShape.parse(JSON.parse(text)).place };
  } catch {
    return { state: 'read', id: STRANGE };
  }
}

/** Of two processes that mark at once the first one's mark stays. @returns the mark that is there now */
function putMark(folder: string, id: string, replace: boolean): string {
  makeSharedFolder(folder);
  const text = `${JSON.stringify({ v: 1, place: id })}\n`;
  if (replace) {
    writeFileDurablySync(join(folder, MARK), text);
    return id;
  }
  const fresh = join(folder, `${MARK}.${id}`);
  writeFileDurablySync(fresh, text);
  try {
    linkSync(fresh, join(folder, MARK));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
  syncDirectorySync(folder);
  const there = markOf(folder).id;
  if (there === undefined) throw new GirokError('storage_missing', { path: folder });
  return there;
}
