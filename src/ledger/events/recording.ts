import { z } from 'zod';
import { GAP_CAUSES, RUN_END_CAUSES } from '../../catalogue/causes.ts';
import { camera, count, kind, line, sha256, stream } from './shapes.ts';

/** Footage: what was recorded, so that it can be shown later that it is unchanged, and what was not. */
export const RECORDING = [
  kind('evidence.hour', {
    camera,
    day: z.iso.date(),
    /** Whole hours since the local day began. */
    hour: z.int().min(0).max(24),
    /** 0, and 1, 2 … for what a crash left to be found later. */
    part: count,
    /** Evidence leaves, RFC 6962 root over them in the order of stream, time and id. */
    leaves: z.int().positive(),
    root: sha256,
  }),
  kind('recording.interrupted', {
    camera,
    stream,
    cause: z.enum([...GAP_CAUSES, ...RUN_END_CAUSES]),
    detail: line,
    lastedMs: count,
  }),
] as const;
