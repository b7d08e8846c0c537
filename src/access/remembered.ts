const most = 1_000;
/** What is longer is seldom said twice. */
const lengthMax = 512;

/** What a text means, for texts that come again and again. */
export class Remembered<Meaning> {
  readonly #read: (text: string) => Meaning;
  readonly #meanings = new Map<string, Meaning>();

  constructor(read: (text: string) => Meaning) {
    this.#read = read;
  }

  of(text: string): Meaning {
    const known = this.#meanings.get(text);
    if (known !== undefined || text.length > lengthMax) return known ?? this.#read(text);
    const meaning = this.#read(text);
    if (this.#meanings.size >= most) this.#meanings.clear();
    this.#meanings.set(text, meaning);
    return meaning;
  }
}
