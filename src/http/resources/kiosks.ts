import { z } from 'zod';
import type { Kiosks } from '../../access/kiosk.ts';
import { idText } from '../../contract/inputs.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { command, type Route, route } from '../route.ts';

export interface KioskDeps {
  kiosks(): Pick<Kiosks, 'open' | 'enter' | 'session' | 'end'>;
}

/** The screen at which a data subject watches one masked clip; opened by an officer, for that one clip. */
export function kioskRoutes({ kiosks }: KioskDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/kiosks',
      access: { action: 'approve' },
      summary: 'Opens a kiosk for one masked clip; the code is shown this once, and good for five minutes.',
      body: z.strictObject({ clip: idText }),
      answer: z.strictObject({ kiosk: z.string(), code: z.string(), until: z.iso.datetime() }),
      handle({ body, session }) {
        const { kiosk, code, untilUs } = kiosks().open(session.principal, body.clip);
        return { kiosk, code, until: isoFromUs(untilUs) };
      },
    }),
    command({
      method: 'DELETE',
      path: '/api/kiosks/:id',
      access: { function: 'own_account' },
      summary: 'Ends a kiosk at once, by whoever opened it.',
      params: z.strictObject({ id: idText }),
      handle: ({ params, session }) => kiosks().end(session.principal, params.id),
    }),
    route({
      method: 'POST',
      path: '/api/kiosk/enter',
      access: 'public',
      summary: 'Types the code at the kiosk; its session is over after an hour.',
      body: z.strictObject({ code: z.string().min(1).max(32) }),
      answer: z.strictObject({ ends: z.iso.datetime() }),
      async handle(call) {
        await call.attempt();
        const { token, endsUs } = kiosks().enter(call.body.code);
        call.setToken(token);
        return { ends: isoFromUs(endsUs) };
      },
    }),
    route({
      method: 'GET',
      path: '/api/kiosk',
      access: 'kiosk',
      summary: 'What this kiosk was opened for: the request and its applicant, for the watermark.',
      answer: z.strictObject({
        request: z.string(),
        applicant: z.string(),
        cameras: z.array(z.string()),
        from: z.iso.datetime(),
        to: z.iso.datetime(),
        ends: z.iso.datetime(),
      }),
      handle({ token }) {
        const session = kiosks().session(token);
        if (!session) throw new GirokError('not_signed_in');
        const { clip, principal } = session;
        return {
          request: clip.request,
          applicant: clip.applicant,
          cameras: [...clip.cameras],
          from: isoFromUs(clip.fromUs),
          to: isoFromUs(clip.toUs),
          ends: isoFromUs(principal.session.endsUs),
        };
      },
    }),
  ];
}
