import { z } from 'zod';
import type { Principal } from '../../access/policy.ts';
import { idText } from '../../contract/inputs.ts';
import { markInput, markSchema } from '../../contract/viewings.ts';
import { isoFromUs } from '../../lib/clock.ts';
import type { Marks } from '../../viewing/marks.ts';
import { command, type Route, route } from '../route.ts';

export interface MarkDeps {
  marks(): Marks;
  /** As they are at this moment; undefined once the session is over. */
  principalOf(session: string): Principal | undefined;
}

const one = z.strictObject({ id: idText });

/** Bookmarks of a viewing, of whoever looks. */
export function markRoutes({ marks, principalOf }: MarkDeps): Route[] {
  return [
    command({
      method: 'POST',
      path: '/api/viewings/:id/marks',
      access: 'gate',
      summary: 'Marks a moment of what is being looked at, with or without a note.',
      params: one,
      body: markInput,
      handle({ params, body: { camera, at, note }, session }) {
        const asked = { principal: () => principalOf(session.id), viewing: params.id, camera };
        marks().add(asked, { camera, atUs: at, ...(note !== undefined && { note }) });
      },
    }),
    route({
      method: 'GET',
      path: '/api/viewings/:id/marks',
      access: { function: 'own_account' },
      summary: 'What the caller marked in one of their own viewings, in the order in which they did.',
      params: one,
      answer: z.strictObject({ marks: z.array(markSchema) }),
      handle: ({ params, session: { account } }) => ({
        marks: marks()
          .list(account, params.id)
          .map(({ atUs, ...mark }) => ({ ...mark, at: isoFromUs(atUs) })),
      }),
    }),
  ];
}
