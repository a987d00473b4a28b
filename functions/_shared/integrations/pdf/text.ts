/** Letters that do not come apart into a base letter and marks. */
const letters: Record<string, string> = {
  Ł: "L",
  ł: "l",
  Đ: "D",
  đ: "d",
  Ħ: "H",
  ħ: "h",
  ı: "i",
  Ŀ: "L",
  ŀ: "l",
  ĸ: "k",
  Ŧ: "T",
  ŧ: "t",
  Ə: "E",
  ə: "e",
  ẞ: "SS",
  "‑": "-",
  "−": "-",
  "\u202F": "\u00A0",
  "\u2009": " ",
  "\t": " ",
  "\n": " ",
  "\r": " ",
};

/**
 * A text in the characters that the standard fonts of PDF have (Western European). Marks that they lack are left out,
 * and letters of other scripts become question marks: the file's properties keep the text as it is.
 */
export function printable(text: string, known: ReadonlySet<number>): string {
  const has = (character: string) => known.has(character.codePointAt(0) ?? 0);
  return Array.from(text.normalize("NFC"), (character) => {
    if (has(character)) return character;
    const plain = letters[character] ?? character.normalize("NFKD").replace(/\p{M}/gu, "");
    return plain !== "" && Array.from(plain).every(has) ? plain : "?";
  }).join("");
}
