import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FootageSite, startFootageSite } from '../../support/http/footage-site.ts';

let site: FootageSite;
beforeAll(async () => {
  site = await startFootageSite(2);
  site.confine(site.people.security.account, ['cam01']);
}, 120_000);
afterAll(() => site?.stop());

interface Decided {
  readonly id: string;
  readonly account: string;
  readonly by?: { readonly name: string; readonly role: string };
  readonly reason?: { readonly text: string };
  readonly requester?: { readonly text: string };
}

const REASON = '정문 앞 접촉 사고를 확인해야 합니다';
const asking = () => ({
  kind: 'recorded',
  purpose: 'A',
  reason: REASON,
  cameras: ['cam02'],
  range: { from: new Date(Date.now() - 60_000).toISOString(), to: new Date().toISOString() },
});

it('shows whoever decides on it who asks and why, with the entry before the answer, and nobody else', async () => {
  const { security, officer, auditor, technician, administrator } = site.people;
  const requested = await security.ask('/api/grants', {
    method: 'POST',
    body: { ...asking(), requester: '박민원 (환자 가족)' },
  });
  const opened = await security.ask('/api/break-glass', { method: 'POST', body: asking() });
  expect([requested.status, opened.status]).toEqual([200, 200]);
  const ids = [requested.json<{ grant: string }>().grant, opened.json<{ grant: string }>().grant];

  for (const reader of [officer, auditor]) {
    const before = site.entries('access.handled').length;
    const answer = await reader.ask('/api/grants');
    expect(answer.status).toBe(200);
    const handled = site.entries('access.handled').slice(before);
    expect(handled).toMatchObject([
      { facts: { work: 'GET /api/grants' }, actor: `person:${reader.account}` },
    ]);
    const { grants } = answer.json<{ grants: Decided[] }>();
    const by = { name: '김보안 (시연)', role: 'security' };
    expect(grants.find(({ id }) => id === ids[0])).toMatchObject({
      account: security.account,
      by,
      reason: { text: REASON },
      requester: { text: '박민원 (환자 가족)' },
    });
    expect(grants.find(({ id }) => id === ids[1])).toMatchObject({ by, reason: { text: REASON } });
  }
  // Who asked gets no more of it back than that it waits; the others not even that.
  const own = await security.ask('/api/me/grants');
  expect(own.bytes.toString()).not.toContain(REASON);
  for (const other of [security, technician, administrator])
    expect((await other.ask('/api/grants')).status).toBe(403);
});

it('gives an officer no words of what is their own to ask for', async () => {
  const { officer, auditor } = site.people;
  const { grant } = (await officer.ask('/api/grants', { method: 'POST', body: asking() })).json<{
    grant: string;
  }>();
  const listed = async (who: typeof officer) =>
    (await who.ask('/api/grants')).json<{ grants: Decided[] }>().grants.find(({ id }) => id === grant);
  expect((await listed(officer))?.reason).toBeUndefined();
  expect((await listed(auditor))?.reason).toEqual({ text: REASON });
});

it('is an alarm from the moment it is entered, until it has been reviewed', async () => {
  const { officer, auditor } = site.people;
  const standing = async () => {
    const { alarms } = (await officer.ask('/api/alarms')).json<{
      alarms: { alarm: string; process: string; subject: string }[];
    }>();
    return alarms.filter(({ alarm }) => alarm === 'breakglass_opened');
  };
  const [alarm] = await standing();
  expect(alarm?.process).toBe('web');
  const reviewed = await auditor.ask(`/api/grants/${alarm?.subject}/review`, {
    method: 'POST',
    body: { justified: true },
  });
  expect(reviewed.status).toBe(204);
  expect(await standing()).toEqual([]);
});
