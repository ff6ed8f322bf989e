import { basename } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { FileOnDisk } from '../../config/on-disk.ts';
import { shownSettings } from '../../config/shown.ts';
import { type SettingsView, settingsChangesSchema, settingsSchema } from '../../contract/settings.ts';
import type { Language } from '../../i18n/language.ts';
import { faultSentence } from '../../i18n/sentences.ts';
import type { SettingsChange } from '../../ledger/settings-changes.ts';
import { type Route, route } from '../route.ts';

export interface SettingsDeps {
  /** As it is in force at this moment. */
  config(): Config;
  /** Reads the file. */
  onDisk(): FileOnDisk;
  /** Newest first. @throws GirokError of the ledger */
  changes(most: number): readonly SettingsChange[];
}

const MOST_CHANGES = 200;
const MOST_FAULTS = 100;

export function settingsRoutes({ config, onDisk, changes }: SettingsDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/settings',
      access: { function: 'configuration' },
      summary:
        'cameras.yml as it is in force, without its secrets, and whether the file on disk says the same.',
      answer: settingsSchema,
      handle: ({ language }) => ({
        file: basename(config().file),
        onDisk: fileView(onDisk(), language),
        settings: shownSettings(config()),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/settings/changes',
      access: { function: 'configuration' },
      summary:
        'The last 200 edits of cameras.yml, newest first: which cameras and sections, as the ledger has it.',
      answer: settingsChangesSchema,
      handle: () => ({
        changes: changes(MOST_CHANGES).map(({ seq, at, facts: { atStart = false, ...names } }) => ({
          seq,
          at,
          atStart,
          ...names,
        })),
      }),
    }),
  ];
}

function fileView(file: FileOnDisk, language: Language): SettingsView['onDisk'] {
  switch (file.state) {
    case 'differs': {
      const { added, removed, changed, applied, needsRestart } = file.differences;
      return {
        state: 'differs',
        differences: {
          added: [...added],
          removed: [...removed],
          changed: [...changed],
          applied: [...applied],
          needsRestart: [...needsRestart],
        },
      };
    }
    case 'faulty':
      return {
        state: 'faulty',
        faults: file.faults.slice(0, MOST_FAULTS).map((fault) => ({
          line: fault.line,
          column: fault.column,
          path: fault.path,
          sentence: faultSentence(fault, language),
        })),
        more: Math.max(0, file.faults.length - MOST_FAULTS),
      };
    default:
      return file;
  }
}
