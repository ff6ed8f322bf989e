import { statSync } from 'node:fs';
import { compareViews, structureOf, VIEW_HEIGHT, VIEW_WIDTH } from '../../cameras/view/agreement.ts';
import type { ViewFound } from '../../cameras/view/standing.ts';
import { type CatalogueReader, createCatalogueReader } from '../../catalogue/reader.ts';
import type { StorageFolders } from '../../config/folders.ts';
import type { Clock } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import { createRelay } from '../../live/relay-process.ts';
import { createLiveFeeds, type LiveFeeds } from '../../live/wall.ts';
import type { Keyring } from '../../vault/keyring.ts';
import { createFolderStore } from '../../vault/segment-store.ts';
import { type CalendarDay, createCalendar } from '../../viewing/calendar.ts';
import type { Gate } from '../../viewing/gate.ts';
import { createPlayback, type Playback } from '../../viewing/playback.ts';
import { createUnseenLook, type UnseenLook } from '../../viewing/unseen-look.ts';

export interface FootageParts {
  readonly folders: StorageFolders;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly log: Log;
  /** Undefined before the recorder has made one; another one where it had to be opened anew. */
  keyring(): Keyring | undefined;
  gate(): Gate;
}

/** Footage as the web process has it: what the recorder made, opened once it is there. */
export interface SiteFootage {
  /** @throws GirokError `keyring_damaged`, of the catalogue and of the ledger while they cannot be opened */
  playback(): Playback;
  /** Whether views of cameras are as they were; shows nobody anything. @throws as {@link playback} */
  views(): UnseenLook<ViewFound>;
  calendar(): Promise<CalendarDay[]>;
  /** What exists when; to be asked for anew each time. @throws of the catalogue while it cannot be opened */
  catalogue(): CatalogueReader;
  readonly feeds: LiveFeeds;
  /** To be called each minute: a catalogue that was rebuilt is another file, and is opened in place of the old one. */
  sweep(): void;
  close(): Promise<void>;
}

interface Opened {
  readonly keyring: Keyring;
  readonly playback: Playback;
  readonly views: UnseenLook<ViewFound>;
}

export function createSiteFootage(parts: FootageParts): SiteFootage {
  const { folders, clock, siteTime, log } = parts;
  const relay = createRelay({ clock, random: Math.random, log });
  const feeds = createLiveFeeds({
    clock,
    random: Math.random,
    log,
    recorderSocket: folders.socket,
    relay,
  });
  let reader: CatalogueReader | undefined;
  let inode: number | undefined;
  let calendar: (() => Promise<CalendarDay[]>) | undefined;
  let open: Opened | undefined;
  const inodeNow = () => statSync(folders.catalogue, { throwIfNoEntry: false })?.ino;
  const catalogue = () => {
    inode ??= inodeNow();
    reader ??= createCatalogueReader(folders.catalogue);
    return reader;
  };
  const closeOpened = () => {
    open?.playback.close();
    open?.views.close();
    open = undefined;
  };
  const opened = (): Opened => {
    const keyring = parts.keyring();
    if (!keyring) throw new GirokError('keyring_damaged', { folder: folders.keys, reason: 'absent' });
    if (open?.keyring === keyring) return open;
    closeOpened();
    const own = { catalogue: catalogue(), store: createFolderStore(folders.vault), keyring, clock };
    open = {
      keyring,
      playback: createPlayback({ gate: parts.gate(), ...own }),
      views: createUnseenLook({
        ...own,
        width: VIEW_WIDTH,
        height: VIEW_HEIGHT,
        compare: (before, now) => ({
          structure: structureOf(now),
          agreement: before && compareViews(before, now),
        }),
      }),
    };
    return open;
  };
  const forget = async () => {
    const old = reader;
    closeOpened();
    calendar = undefined;
    reader = undefined;
    inode = undefined;
    await old?.close();
  };
  return {
    catalogue,
    playback: () => opened().playback,
    views: () => opened().views,
    calendar() {
      calendar ??= createCalendar({ catalogue: catalogue(), siteTime, clock });
      return calendar();
    },
    feeds,
    sweep() {
      if (reader && inodeNow() !== inode)
        forget().catch((error: unknown) => log.error('footage.not_closed', factsOf(error)));
    },
    async close() {
      await feeds.close();
      await relay.stop();
      await forget();
    },
  };
}
