import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceWords } from '../../../src/cameras/device-words.ts';
import { deviceSchema } from '../../../src/contract/recorder-status.ts';

describe('what a camera says it is', () => {
  it('is shown as one bounded line, without what turns text around, and without its serial number', () => {
    expect(
      deviceWords({
        manufacturer: ' Hanwha\r\nVision ',
        model: `XNO\u202e-6080R${'x'.repeat(200)}`,
        firmware: '\u0000',
        serial: 'ZLXY70GJ',
      }),
    ).toEqual({ manufacturer: 'Hanwha Vision', model: `XNO -6080R${'x'.repeat(50)}` });
  });

  it('fits the status whatever it is', () => {
    const text = fc.option(fc.string({ unit: 'binary', maxLength: 300 }), { nil: undefined });
    fc.assert(
      fc.property(text, text, (model, firmware) => {
        const words = deviceWords({
          ...(model !== undefined && { model }),
          ...(firmware !== undefined && { firmware }),
        });
        return (
          deviceSchema.safeParse(words).success && !/[\p{Cc}\p{Cf}]/u.test(Object.values(words).join(''))
        );
      }),
    );
  });
});
