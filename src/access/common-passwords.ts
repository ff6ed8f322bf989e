/**
 * Whether a password is one of those that everybody tries first. Offline: no list of leaked passwords is asked. The
 * words below are put together for this program from what is known to be common everywhere and here (ordinary words,
 * names of makers of cameras and recorders and the passwords these ship with, of Korean portals, banks and teams,
 * Korean words as they come out on a Latin keyboard); with what people put around them they stand for some millions.
 */
export function isCommon(password: string): boolean {
  const text = password.toLowerCase();
  if (isRegular(text)) return true;
  const plain = unleet(text);
  return [text, plain].some((each) => isAround(each) || isRepeated(each) || isWordAfterWord(each));
}

const WORDS = new Set(
  `password passwd passphrase passcode secret letmein welcome login signin access admin administrator root user
  guest test tester testing default system manager master super superuser operator service server computer
  network internet security secure private public office company business staff employee hospital clinic doctor
  nurse patient medical surgery camera cctv video recorder viewer monitor control center girok giroc monkey dragon
  football baseball basketball soccer hockey sunshine princess shadow iloveyou loveyou lovely love trustno
  whatever hello freedom ninja mustang michael jordan hunter ranger buster thomas robert daniel george andrew
  joshua jessica jennifer ashley nicole amanda charlie maggie summer winter spring autumn january february march
  april june july august september october november december monday tuesday wednesday thursday friday saturday
  sunday starwars superman batman pokemon cookie cheese banana orange apple flower diamond golden silver purple
  yellow killer pepper ginger soccer matrix phoenix falcon eagle tiger lion panda samsung hyundai kia lg sk naver
  kakao daum cyworld nate google android iphone apple windows microsoft linux oracle cisco hikvision dahua
  hanwha wisenet axis bosch uniview reolink foscam tplink iptime netgear admin korea seoul busan daegu incheon
  gangnam daehan minguk corea hanguk kimchi arirang taekwondo sarang saranghae annyeong annyong haengbok hwaiting
  fighting jagiya oppa unnie noona hyung chingu gajok minsu jisoo jiwoo minji hyunwoo younghee chulsoo
  tkfkd tkfkdgo tkfkdgody dkssud dkssudgktpdy qlalfqjsgh qlqjs rlatlsdbs eogksalsrnr anjgo gkdltm dlqslek
  whgdk whgdkdy wjdqhqhdks rhksfl rhksflwk dkagh qudtn qudrhks tkdydwk durlsms dhkdls wkdrns godqhr wkdhks
  대한민국 비밀번호 암호 관리자 사랑 사랑해 안녕 안녕하세요 병원 의원 카메라 영상 기록 보안 서울 부산 한국 행복
  correcthorsebatterystaple thequickbrownfox thequickbrownfoxjumps opensesame changeme changethis changeit
  nopassword mypassword yourpassword ilovekorea iamroot itsme letmeinnow tobeornottobe qwerty qwertyuiop asdf
  asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qazwsx qweasd abc abcd aaa xxx`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Rows of the keyboard both ways, columns as fingers walk them, and what is counted. */
const WALKS = [
  '`1234567890-=',
  'qwertyuiop[]\\',
  "asdfghjkl;'",
  'zxcvbnm,./',
  '~!@#$%^&*()_+',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  '1q2w3e4r5t6y7u8i9o0p',
  'qawsedrftgyhujikolp',
  'qazwsxedcrfvtgbyhnujm',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ',
  'ㅁㄴㅇㄹㅎㅗㅓㅏㅣ',
  'ㅋㅌㅊㅍㅠㅜㅡ',
  '가나다라마바사아자차카타파하',
].flatMap((walk) => [walk, [...walk].reverse().join('')]);

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

const unleet = (text: string): string => text.replace(/[013457@$!]/g, (each) => LEET[each] ?? each);

/** A word, with digits and signs before and behind it: `Hospital2026!`. */
function isAround(text: string): boolean {
  const core = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return [core, unleet(core), text].some((each) => WORDS.has(each));
}

/** The same piece again and again: `girokgirokgirok`, `12341234`. */
function isRepeated(text: string): boolean {
  const [, piece] = /^(.{1,8}?)\1+.?$/u.exec(text) ?? [];
  return piece !== undefined;
}

/** Few different characters, or walks along the keyboard and the alphabet one after another, or a date. */
function isRegular(text: string): boolean {
  if (new Set(text).size <= Math.min(4, text.length - 3)) return true;
  if (/^\d+$/.test(text) && text.length <= 14) return true;
  return walkedOff(text) === '';
}

/** What is left when walks of three and more are taken from the front. */
function walkedOff(text: string): string {
  let rest = text;
  while (rest !== '') {
    let taken = 0;
    for (const walk of WALKS)
      for (let length = Math.min(rest.length, walk.length); length > Math.max(2, taken); length--)
        if (walk.includes(rest.slice(0, length))) taken = length;
    if (taken < 3 && rest.length > 4) return rest;
    // What is left behind walks is too little to count: a year, a sign.
    rest = taken < 3 ? '' : rest.slice(taken);
    if (rest.length <= 4 && taken >= 3) return '';
  }
  return rest;
}

/** Two or three of the words and nothing else but digits and signs: `adminpassword1`. Shorter words are no words. */
function isWordAfterWord(text: string): boolean {
  const letters = text.replace(/[^\p{L}]/gu, '');
  if (letters.length < 6 || letters.length > 40 || text.length - letters.length > 6) return false;
  const from = (at: number, words: number): boolean => {
    if (at === letters.length) return words > 0;
    if (words === 3) return false;
    for (let end = at + 2; end <= letters.length; end++)
      if (WORDS.has(letters.slice(at, end)) && from(end, words + 1)) return true;
    return false;
  };
  return from(0, 0);
}
