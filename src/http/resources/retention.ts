import { z } from 'zod';
import {
  certificateAnswer,
  oneRun,
  type RetentionView,
  type RunView,
  retentionSchema,
  runSchema,
} from '../../contract/retention.ts';
import { sentencesIn } from '../../i18n/sentences.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import type { AsOf } from '../../lib/remembered.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import { certificateText } from '../../oversight/certificate-text.ts';
import type { ErasingOutlook } from '../../oversight/erasing-outlook.ts';
import type { NewestCertificates } from '../../oversight/newest-certificates.ts';
import { findingsOf, lastGoodOf, standingTrouble } from '../../oversight/standing-trouble.ts';
import type { KeptCertificate } from '../../retention/accounts.ts';
import type { RetentionStatus } from '../../retention/status.ts';
import { type Route, raw, route } from '../route.ts';

export interface RetentionDeps {
  /** @throws GirokError of keyring, catalogue and journal */
  outlook(): Promise<AsOf<ErasingOutlook>>;
  /** The last look at everything; undefined while the first one is under way. Never waits for one. */
  lastLook(): AsOf<RetentionStatus> | undefined;
  readonly certificates: NewestCertificates;
  readonly siteTime: SiteTime;
}

const NEWEST = 14;
const MOST_RUNS = 100;
const access = { function: 'configuration' } as const;

/** What is erased when, and what was. No way to erase: that is the purge's alone. */
export function retentionRoutes({ outlook, lastLook, certificates, siteTime }: RetentionDeps): Route[] {
  const find = async (run: string): Promise<KeptCertificate> => {
    const kept = await certificates.find(run);
    if (!kept) throw new GirokError('run_unknown', { run });
    return kept;
  };
  return [
    route({
      method: 'GET',
      path: '/api/retention',
      access,
      summary:
        'What the next run erases, the oldest footage that can still be decrypted, what stands in the way, and the last runs.',
      answer: retentionSchema,
      async handle({ language }): Promise<RetentionView> {
        const { value } = await outlook();
        const words = sentencesIn(language);
        const look = lastLook();
        const lastGood = lastGoodOf(value.state);
        return {
          at: isoFromUs(value.atUs),
          retentionDays: value.retentionDays,
          next: nextOf(value),
          ...oldestView(value),
          ...(value.redLineUs !== undefined && { redLine: isoFromUs(value.redLineUs) }),
          ...(lastGood && { lastGood }),
          trouble: standingTrouble(value.state, words, siteTime),
          ...(look && {
            look: {
              at: isoFromUs(look.atUs),
              sound: look.value.sound,
              findings: findingsOf(look.value, words, siteTime),
              keyrings: look.value.survey.keyrings.length,
              files: Object.values(look.value.survey.files).reduce((sum, files) => sum + files, 0),
            },
          }),
          runs: (await certificates.list(NEWEST)).map(runView),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/api/retention/runs',
      access,
      summary: 'The last hundred runs that have a certificate, the newest first.',
      answer: z.strictObject({ runs: z.array(runSchema) }),
      handle: async () => ({ runs: (await certificates.list(MOST_RUNS)).map(runView) }),
    }),
    route({
      method: 'GET',
      path: '/api/retention/runs/:run',
      access,
      summary: 'The certificate of one run, with the SHA-256 of its file, which the ledger has.',
      params: oneRun,
      answer: certificateAnswer,
      handle: ({ params: { run } }) => find(run),
    }),
    raw({
      method: 'GET',
      path: '/api/retention/runs/:run/text',
      access,
      summary: 'The same as a text for people.',
      params: oneRun,
      async handle({ params: { run }, language }) {
        const { certificate } = await find(run);
        return {
          type: 'text/plain; charset=utf-8',
          body: `${certificateText(certificate, sentencesIn(language))}\n`,
        };
      },
    }),
  ];
}

export function nextOf({ nextUs, erase, lockers }: ErasingOutlook): RetentionView['next'] {
  return {
    at: isoFromUs(nextUs),
    cameras: new Set(erase.map(({ camera }) => camera)).size,
    files: erase.reduce((sum, { files }) => sum + files, 0),
    bytes: erase.reduce((sum, { bytes }) => sum + bytes, 0),
    erase: erase.map(({ camera, day, dueUs, files, bytes }) => ({
      camera,
      day,
      dueAt: isoFromUs(dueUs),
      files,
      bytes,
    })),
    holds: lockers.map(({ hold }) => hold),
  };
}

export const oldestView = ({ oldest }: ErasingOutlook): Pick<RetentionView, 'oldest'> =>
  oldest ? { oldest: { camera: oldest.camera, day: oldest.day, from: isoFromUs(oldest.fromUs) } } : {};

function runView({ certificate, sha256 }: KeptCertificate): RunView {
  const { run, startedAt, finishedAt, state, days } = certificate;
  return {
    run,
    started: startedAt,
    finished: finishedAt,
    state,
    cameras: new Set(days.map(({ camera }) => camera)).size,
    cameraDays: days.length,
    keys: days.reduce((sum, { hours }) => sum + hours.length, 0),
    files: days.reduce((sum, { files }) => sum + files, 0),
    bytes: days.reduce((sum, { bytes }) => sum + bytes, 0),
    sha256,
  };
}
