import type { Readable } from 'node:stream';
import { z } from 'zod';
import { digits } from '../../contract/inputs.ts';
import { instantUs } from '../../contract/people.ts';
import {
  REGISTER_FILES,
  REGISTER_NAMES,
  type RegisterFile,
  type RegisterName,
  registerChoicesSchema,
  registerPageSchema,
} from '../../contract/registers.ts';
import type { Language } from '../../i18n/language.ts';
import { sentencesIn } from '../../i18n/sentences.ts';
import type { Reader, RegisterDesk, TakenOut, TakingOut } from '../../ledger/register-desk.ts';
import { kindLabel, outcomeLabel } from '../../ledger/register-labels.ts';
import { type Call, type Raw, type Route, raw, route } from '../route.ts';

export interface LogDeps {
  desk(): Pick<RegisterDesk<Language>, 'page' | 'takeOut' | 'choices'>;
  /** What a camera is called; undefined for one that there is not any more. */
  cameraName(id: string, language: Language): string | undefined;
  /** Whose account it is; undefined for one that is closed. */
  personName(account: string): string | undefined;
  file(
    taken: TakenOut,
    about: FileAsked & { readonly by: string; readonly language: Language },
  ): { readonly type: string; readonly body: Readable };
}

/** What somebody wants to have as a file. */
export interface FileAsked extends Omit<TakingOut, 'most'> {
  readonly register: RegisterName;
}

/** Rows of one answer. */
const MOST_ROWS = 200;
/** Rows of one file; a printed one is made whole before its pages have their numbers. */
const MOST_EXPORTED: Readonly<Record<RegisterFile, number>> = { csv: 50_000, xlsx: 50_000, pdf: 5000 };

const view = z.strictObject({ view: z.enum(REGISTER_NAMES) });
/** Of what stands in entries: nothing that could be anything else. */
const filter = {
  from: instantUs.optional(),
  to: instantUs.optional(),
  kind: z
    .string()
    .regex(/^[A-Za-z_.]{1,64}$/)
    .optional(),
  person: z
    .string()
    .regex(/^[a-z0-9._-]{1,64}$/)
    .optional(),
  camera: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .optional(),
  outcome: z
    .string()
    .regex(/^[a-z_]{1,32}$/)
    .optional(),
};

export function logRoutes({ desk, cameraName, personName, file }: LogDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/logs/:view',
      access: { action: 'read_logs' },
      summary:
        'A page of a register with names and reasons opened, newest rows first unless `order=oldest`; `behind` goes on where the page before has ended. That it was shown is entered.',
      params: view,
      query: z.strictObject({
        ...filter,
        order: z.enum(['newest', 'oldest']).default('newest'),
        behind: digits(0, Number.MAX_SAFE_INTEGER).optional(),
        rows: digits(1, MOST_ROWS).optional(),
      }),
      answer: registerPageSchema,
      handle({ params, query, ...call }) {
        const { from, to, rows: most = 50, ...wanted } = query;
        const page = desk().page(params.view, { ...wanted, fromUs: from, toUs: to, most }, readerOf(call));
        const { lines, isMore, name, titles, total } = page;
        const last = lines.at(-1);
        return {
          name,
          titles: [...titles],
          total,
          rows: lines.map(({ seq, number, kind, person, outcome, cells }) => ({
            seq,
            number,
            kind,
            ...(person !== null && { person }),
            ...(outcome !== null && { outcome }),
            cells: [...cells],
          })),
          ...(isMore && last && { next: last.seq }),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/api/logs/:view/choices',
      access: { action: 'read_logs' },
      summary: 'What a register can be narrowed down to: kinds, outcomes, cameras and people that are in it.',
      touchesPeople: true,
      params: view,
      answer: registerChoicesSchema,
      handle({ params, language }) {
        const { kinds, outcomes, cameras, persons } = desk().choices(params.view);
        const words = sentencesIn(language).ledger.views;
        const labelled = (values: readonly string[], label: (value: string) => string | undefined) =>
          values.map((value) => ({ value, label: label(value) ?? value }));
        return {
          kinds: labelled(kinds, (kind) => kindLabel(words, params.view, kind)),
          outcomes: labelled(outcomes, (outcome) => outcomeLabel(words, params.view, outcome)),
          cameras: labelled(cameras, (camera) => cameraName(camera, language)),
          persons: labelled(persons, personName),
        };
      },
    }),
    raw({
      method: 'GET',
      path: '/api/logs/:view/export',
      access: { action: 'read_logs', takesOut: true },
      summary:
        'A register as a file, oldest rows first: CSV and XLSX with up to 50,000 rows, PDF with 5,000. Needs a fresh proof of who asks. It is entered before its first byte.',
      params: view,
      query: z.strictObject({ ...filter, format: z.enum(REGISTER_FILES) }),
      handle({ params, query, ...call }): Raw {
        const { from, to, format, ...more } = query;
        const reader = readerOf(call);
        const asked: FileAsked = { ...more, register: params.view, format, fromUs: from, toUs: to };
        const taken = desk().takeOut(params.view, { ...asked, most: MOST_EXPORTED[format] }, reader);
        const { type, body } = file(taken, { ...asked, by: reader.name, language: reader.language });
        const name = `${params.view}.${format}`;
        return { type, body, headers: { 'content-disposition': `attachment; filename="${name}"` } };
      },
    }),
  ];
}

export const readerOf = ({
  session,
  caller,
  language,
}: Pick<Call<unknown, unknown, unknown>, 'session' | 'caller' | 'language'>): Reader<Language> => ({
  account: session.account,
  name: session.name,
  address: caller.address,
  language,
});
