/**
 * A text as lines that are no wider than `width`, in the unit of `widthOf`. Between spaces where it can, between any two
 * letters where a word alone is wider, as Korean is set in narrow columns. Line ends of the text stay.
 *
 * @param widthOf of one character
 */
export function wrapLines(text: string, width: number, widthOf: (character: string) => number): string[] {
  return text.split(/\r\n?|\n/).flatMap((paragraph) => wrapParagraph(paragraph, width, widthOf));
}

function wrapParagraph(text: string, width: number, widthOf: (character: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  /** Where the line can be broken behind its last space: so many characters, so wide. */
  let space: { readonly length: number; readonly used: number } | undefined;
  for (const character of text) {
    const wide = widthOf(character);
    if (used + wide > width && line !== '') {
      const end: number = space && character !== ' ' ? space.length : line.length;
      lines.push(line.slice(0, end).trimEnd());
      used = space && character !== ' ' ? used - space.used : 0;
      line = line.slice(end);
      space = undefined;
      // What the line was broken at begins no line.
      if (character === ' ' && line === '') continue;
    }
    line += character;
    used += wide;
    if (character === ' ' || character === '·' || character === ',') space = { length: line.length, used };
  }
  return [...lines, line.trimEnd()];
}
