import { chmodSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './errors.ts';

/**
 * Who may do what with what a process makes. Alone as it is shipped: nothing is anybody else's. Where an officer has
 * given the storage folder the set-group-ID bit (2750), the purge runs as a user of its own, and what both users need
 * is the group's: folders that hand their group down (2770), and the files in them (0660). Footage stays 0600 there.
 * The bit is never set from here, only inherited, since a service may be forbidden to set it.
 */
const SET_GROUP_ID = 0o2000;
const GROUP_WRITES = 0o020;

/** A folder of one user. */
export const OWN_FOLDER = 0o700;
/** A file of one user, also in a shared folder. */
export const OWN_FILE = 0o600;
const SHARED_FOLDER = 0o770;
const SHARED_FILE = 0o660;
/** Lets the group through to a shared folder, and make or remove nothing. */
const PASSAGE = 0o750;
/** For processes whose files may be shared: without it the kernel would take the group's rights away again. */
export const SHARING_UMASK = 0o007;

const handsDown = ({ mode }: Stats): boolean => (mode & SET_GROUP_ID) !== 0;
const isShared = (folder: Stats): boolean => handsDown(folder) && (folder.mode & GROUP_WRITES) !== 0;

/** The mode of a new file: that of its folder. @throws the system's error where there is no such folder */
export const fileModeIn = async (folder: string): Promise<number> => fileModeOf(await stat(folder));
/** As {@link fileModeIn}, where nothing may come in between. */
export const fileModeInSync = (folder: string): number => fileModeOf(statSync(folder));
const fileModeOf = (folder: Stats): number => (isShared(folder) ? SHARED_FILE : OWN_FILE);

/** The mode of a new folder: that of its parent. @throws the system's error where there is no such parent */
export const folderModeIn = async (parent: string): Promise<number> =>
  isShared(await stat(parent)) ? SHARED_FOLDER : OWN_FOLDER;

/** The mode of a file for both users in a folder that lets the group through. @throws the system's error */
export const sharedFileModeIn = (folder: string): number =>
  handsDown(statSync(folder)) ? SHARED_FILE : OWN_FILE;

/**
 * Makes a folder that both users work in, and what is missing above it. What is there stays as it is.
 *
 * @throws the system's error
 */
export function makeSharedFolder(path: string): void {
  make(path, SHARED_FOLDER);
}

/** Makes a folder that only lets the group through, and what is missing above it. @throws the system's error */
export function makePassage(path: string): void {
  make(path, PASSAGE);
}

/** Lets the group through a folder that is there, where its parent hands the group down. @throws the system's error */
export function letThrough(folder: string): void {
  if (handsDown(statSync(dirname(folder)))) chmodSync(folder, PASSAGE);
}

function make(path: string, mode: number): void {
  const parent = dirname(path);
  try {
    mkdirSync(path, { mode: handsDown(statSync(parent)) ? mode : OWN_FOLDER });
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    if (systemCode(error) !== 'ENOENT' || parent === path) throw error;
    make(parent, PASSAGE);
    make(path, mode);
  }
}
