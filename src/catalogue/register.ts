import { createRegisterRows } from '../db/catalogue/register-rows.ts';
import type { Database } from '../db/open.ts';
import type { RegisteredFile, SegmentRegister } from '../vault/segment-tree.ts';

/** The catalogue as the vault's check and re-indexing see it. */
export interface CatalogueRegister extends SegmentRegister {
  /**
   * A row of this id precedes its file, but not yet its name: the recorder has just begun it. A check that runs
   * beside the recorder asks this before it calls a file unknown.
   */
  isReserved(id: string): boolean;
}

/** @param db a connection of `openCatalogueForReading` */
export function createCatalogueRegister(db: Database): CatalogueRegister {
  const rows = createRegisterRows(db);
  return {
    cameraDays: rows.cameraDays,
    filesOf: (camera, day) =>
      rows.filesOf(camera, day).map(
        ({ ciphertextSha256, file, ...row }): RegisteredFile => ({
          ...row,
          file: `${camera}/${day}/${file}`,
          ...(ciphertextSha256 && { ciphertextSha256 }),
        }),
      ),
    isReserved: rows.isReserved,
  };
}
