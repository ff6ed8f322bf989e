import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogin, type LoginScheme } from '../../../demo/digest.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { bestChallenge, createAuthorizer, parseChallenges } from '../../../src/rtsp/auth.ts';

const MUFASA = { user: 'Mufasa', password: new Secret('Circle of Life') };
const answerTo = (headers: string[], login = MUFASA, cnonce = 'c') => {
  const authorizer = createAuthorizer(login, () => cnonce);
  expect(authorizer.challenged(headers)).toBe(true);
  return authorizer.authorization('GET', '/dir/index.html') ?? '';
};

describe('a login', () => {
  it('answers the examples of RFC 7616 §3.9.1, the best of several headers', () => {
    const rest =
      'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    const [md5, sha256] = [`Digest ${rest}, algorithm=MD5`, `Digest ${rest}, algorithm=SHA-256`];
    expect(answerTo([md5], MUFASA, cnonce)).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
    const best = answerTo(['Basic realm="x"', md5, sha256], MUFASA, cnonce);
    expect(best).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
    expect(best).toMatch(/qop=auth, nc=00000001, cnonce="f2\//);
    expect(best).toContain('algorithm=SHA-256, opaque="FQhe');
  });

  it('answers in the form of RFC 2069 where no qop is offered', () => {
    const said = answerTo(['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'], {
      user: 'Mufasa',
      password: new Secret('CircleOfLife'),
    });
    expect(said).toContain('response="1949323746fe6a43ef61f9606e7febea"');
    expect(said).not.toMatch(/qop|nc=|cnonce|algorithm|opaque/);
  });

  it('counts the uses of one nonce', () => {
    const authorizer = createAuthorizer(MUFASA);
    const challenge = 'Digest realm="r", nonce="n", qop="auth"';
    authorizer.challenged([challenge]);
    const counts = () => /nc=(\w+)/.exec(authorizer.authorization('OPTIONS', '*') ?? '')?.[1];
    expect([counts(), counts()]).toEqual(['00000001', '00000002']);
    authorizer.challenged([challenge]);
    expect(counts()).toBe('00000003');
    authorizer.challenged([challenge.replace('"n"', '"m"')]);
    expect(counts()).toBe('00000001');
  });

  it.each<LoginScheme>(['basic', 'digest', 'digest-sha256'])(
    'is accepted by the simulated site’s cameras: %s',
    (scheme) => {
      const camera = createLogin(scheme, 'girok "기록"', 'pass:wörd 비밀"\\');
      const login = { user: 'girok "기록"', password: new Secret('pass:wörd 비밀"\\') };
      const authorizer = createAuthorizer(scheme === 'basic' ? login : { ...login, user: 'x' });
      expect(authorizer.authorization('DESCRIBE', 'rtsp://a/')).toBeUndefined();
      authorizer.challenged(camera.challenges());
      const plain = createLogin(scheme, 'x', 'pass:wörd 비밀"\\');
      authorizer.challenged(plain.challenges());
      const server = scheme === 'basic' ? camera : plain;
      for (const method of ['DESCRIBE', 'SETUP', 'PLAY'])
        expect(server.accepts(method, authorizer.authorization(method, 'rtsp://a/'))).toBe(true);
      expect(server.accepts('DESCRIBE', 'Digest x')).toBe(false);
    },
  );

  it.each<[name: string, headers: string[], kinds: string[]]>([
    ['nothing', [], []],
    [
      'Basic before Digest in one header',
      ['Basic realm="a", Digest realm="b", nonce="1"'],
      ['basic', 'md5 b'],
    ],
    [
      'Digest before Basic in one header',
      ['Digest realm="b, Basic", nonce="1", Basic realm="a"'],
      ['md5 b, Basic', 'basic'],
    ],
    [
      'two Digests in one header',
      ['Digest realm="a",nonce="1",algorithm=SHA-256,Digest realm="b",nonce=2'],
      ['sha256 a', 'md5 b'],
    ],
    ['other letters and blanks', ['DIGEST  Realm = "a" ,NONCE= "1", Algorithm="md5" '], ['md5 a']],
    ['an empty realm and an empty qop', ['Digest realm="", nonce="1", qop=""'], ['md5 ']],
    ['no realm', ['Digest nonce="1"'], ['md5 ']],
    ['no nonce', ['Digest realm="a"'], []],
    ['an unknown algorithm', ['Digest realm="a", nonce="1", algorithm=SHA-512-256'], []],
    ['only auth-int', ['Digest realm="a", nonce="1", qop="auth-int"'], []],
    ['a line break in what we would send back', ['Digest realm="a\r\nX: y", nonce="1"'], []],
    ['another scheme', ['Bearer realm="a", Negotiate abc==, Basic realm="x"'], ['basic']],
    ['a quote that never ends', ['Digest realm="a, nonce="1"'], []],
  ])('reads a challenge: %s', (_name, headers, kinds) => {
    const found = headers.flatMap(parseChallenges);
    expect(found.map((one) => (one.scheme === 'basic' ? 'basic' : `${one.hash} ${one.realm}`))).toEqual(
      kinds,
    );
  });

  it('prefers SHA-256 to MD5 to Basic, whatever their order', () => {
    const texts = [
      'Basic realm="a"',
      'Digest realm="a", nonce="m"',
      'Digest realm="a", nonce="s", algorithm=SHA-256',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(texts, { minLength: 1 }), (some) => {
        const best = bestChallenge(parseChallenges(some.join(', ')));
        const expected = [...some].sort((a, b) => texts.indexOf(b) - texts.indexOf(a))[0]!;
        expect(best).toEqual(parseChallenges(expected)[0]);
      }),
    );
  });

  it('tells a stale nonce', () => {
    const authorizer = createAuthorizer(MUFASA);
    authorizer.challenged(['Digest realm="a", nonce="1", stale=TRUE']);
    expect([authorizer.nonce, authorizer.stale]).toEqual(['1', true]);
    authorizer.challenged(['Basic realm="a"']);
    expect([authorizer.nonce, authorizer.stale]).toEqual([undefined, false]);
  });

  it('is not tried without a login, and not with a user that would split a request', () => {
    expect(createAuthorizer(undefined).challenged(['Basic realm="a"'])).toBe(false);
    const authorizer = createAuthorizer({ user: 'a\r\nX: y', password: MUFASA.password });
    authorizer.challenged(['Digest realm="a", nonce="1"']);
    expect(authorizer.authorization('GET', '*')).toBeUndefined();
  });

  it('keeps a user’s quotes from ending the header’s', () => {
    const said = answerTo(['Digest realm="a", nonce="1"'], { user: 'a"b\\c', password: MUFASA.password });
    expect(said).toContain(String.raw`username="a\"b\\c", realm`);
  });

  it('never shows its password', () => {
    const authorizer = createAuthorizer(MUFASA);
    authorizer.challenged(['Digest realm="a", nonce="1"']);
    expect(inspect([authorizer, MUFASA], { depth: 9, showHidden: true })).not.toContain('Circle');
    expect(JSON.stringify([authorizer, MUFASA])).not.toContain('Circle');
  });

  it('survives any challenge', () => {
    const piece = fc.constantFrom(
      'Digest ',
      'Basic',
      ' ',
      ',',
      '=',
      '"',
      '\\',
      'nonce',
      'realm="a"',
      'qop=auth',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => {
        const authorizer = createAuthorizer(MUFASA);
        authorizer.challenged([pieces.join('')]);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
        expect(authorizer.authorization('GET', '*') ?? '').not.toMatch(/[\0-\x1f]/);
      }),
    );
  });
});
