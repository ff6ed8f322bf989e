import { storageFolders } from '../config/folders.ts';
import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createHoldCopies } from '../retention/hold-copies.ts';
import { readNote } from '../stewardship/holds/note.ts';
import { holdBookOf, holdsFolder } from '../stewardship/holds/places.ts';
import { hashEvidenceLeaf } from '../vault/evidence-leaf.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { enterHoldersShown, SEALED } from './names-shown.ts';
import { openReadingKeys } from './reading-keys.ts';

export const holdShow: Command = {
  name: 'hold show',
  summary: {
    ko: '한 보존의 내력과, 복사한 파일마다 장부의 증거 잎을 보여 줍니다.',
    en: 'Shows the history of one hold, and of each file that was copied its leaf in the ledger.',
  },
  usage: 'HOLD [--sealed]',
  examples: ['npm run -s girok -- hold show 06h0a72vta2hwxnh --json'],
  options: { sealed: SEALED },
  positionals: { min: 1, max: 1 },
  json: '{ hold, kind, state, cameras, from, to, made, review, end, history: [{ at, did, by, reason }] (none once erased or sealed), files: [{ file, leafHash, leaf }], missed: [{ file, code }] }',
  async run(context) {
    const config = context.config();
    const folders = storageFolders(config);
    const { hold: said } = context.words.retention;
    const [id = ''] = context.positionals;
    const page = await holdBookOf(folders).read(id);
    if (!page) throw context.usageError(said.unknown({ hold: id }));
    const copies = await createHoldCopies(holdsFolder(folders), id).list();
    const keyring = context.options.flag('sealed') ? undefined : openReadingKeys(config, context);
    try {
      const history = keyring ? readNote(keyring, page) : [];
      if (history.length > 0) await enterHoldersShown(config, context, 1);
      const files = copies.flatMap((each) =>
        'leaf' in each
          ? [{ file: each.file, leafHash: hashEvidenceLeaf(each.leaf).toString('hex'), leaf: each.leaf }]
          : [],
      );
      const missed = copies.flatMap((each) =>
        'missed' in each ? [{ file: each.file, code: each.missed }] : [],
      );
      const { kind, state, cameras, fromUs, toUs, madeUs, reviewUs, endUs } = page;
      const times = { from: fromUs, to: toUs, made: madeUs, review: reviewUs, end: endUs };
      const label = (atUs: number) => createSiteTime(config.site.timeZone).label(atUs);
      context.result(
        {
          hold: id,
          kind,
          state,
          cameras,
          ...Object.fromEntries(Object.entries(times).map(([name, atUs]) => [name, isoFromUs(atUs)])),
          history,
          files,
          missed,
        },
        [
          `${id}  ${said.kind[kind]}  ${said.state[state]}  ${cameras.join(' ')}`,
          `${label(fromUs)} – ${label(toUs)}  ${said.column.end} ${label(endUs)}`,
          ...history.map(
            ({ at, did, by, reason }) =>
              `${label(Date.parse(at) * 1000)}  ${said.did[did]}  ${by}  ${reason}`,
          ),
          ...files.map(({ file, leafHash }) => `${leafHash}  ${file}`),
          ...missed.map(said.missed),
        ].join('\n'),
      );
      return EXIT.ok;
    } finally {
      keyring?.close();
    }
  },
};
