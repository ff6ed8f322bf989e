import { z } from 'zod';
import { camera, instant, kind } from './shapes.ts';

/** Why a picture became what a camera's view is held against. */
export const REFERENCE_REASONS = ['first', 'renewed', 'lost', 'accepted'] as const;

/** Whether cameras still show what they showed: scores are kept beside the ledger, what they are held against is here. */
export const VIEWS = [
  kind('view.reference', {
    camera,
    /** When the picture was taken that is the reference from now on; recorded footage, and gone with it. */
    at: instant,
    /**
     * `renewed`: the one before is about to be erased, and agreed. `lost`: it was erased before it could be held against
     * this one. `accepted`: the actor says that the camera is to look there.
     */
    why: z.enum(REFERENCE_REASONS),
    /** With the reference before, in percent; absent: there was none to be held against. */
    agreement: z.int().min(0).max(100).optional(),
  }),
] as const;
