/** Charsets in which markup is spelled with other bytes than in ASCII. */

const OTHERS: ReadonlySet<string> = new Set(
  (
    "utf16 utf_16 utf_16_be utf_16_le utf_16be utf_16le u16 unicodebigunmarked " +
    "unicodelittleunmarked utf32 utf_32 utf_32_be utf_32_le utf_32be utf_32le u32 utf_8_sig " +
    "037 1026 1140 273 424 500 cp037 cp1026 cp1140 cp273 cp424 cp500 cp875 csibm037 csibm1026 " +
    "csibm273 csibm424 csibm500 ebcdic_cp_be ebcdic_cp_ca ebcdic_cp_ch ebcdic_cp_he ebcdic_cp_nl " +
    "ebcdic_cp_us ebcdic_cp_wt ibm037 ibm039 ibm1026 ibm1140 ibm273 ibm424 ibm500 mac_arabic " +
    "mac_farsi punycode rot13 rot_13 " +
    "csunicode iso_10646_ucs_2 ucs_2 unicode unicodefeff unicodefffe"
  ).split(" "),
);
const BETWEEN = /[^a-z0-9.]+/g;
const AROUND = /^_+|_+$/g;

/** False where `<body>` is spelled otherwise; a browser takes a charset it does not know for ASCII. */
export function isAsciiLike(charset: string): boolean {
  const name = charset.toLowerCase().replace(BETWEEN, "_").replace(AROUND, "");
  return !OTHERS.has(name);
}
