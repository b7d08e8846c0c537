/** What is drawn at the bottom of a terminal and redrawn in place. */
export type Live = () => readonly string[];

const redrawEveryMs = 200;

/**
 * Lines that stay, and on a terminal a few lines below them that are redrawn in place. Without a terminal there are
 * only the lines that stay.
 */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  readonly #fancy: boolean;
  #drawn = 0;
  #live: Live | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#fancy = out.isTTY === true && process.env.TERM !== 'dumb';
  }

  line(text = ''): void {
    this.#erase();
    this.#out.write(`${text}\n`);
    this.#draw();
  }

  /** Draws below from now on; null ends it. */
  live(live: Live | null): void {
    this.#erase();
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#live = this.#fancy ? live : null;
    this.#timer = this.#live === null ? null : setInterval(() => this.#redraw(), redrawEveryMs);
    this.#draw();
  }

  /**
   * A step of the story: said when it is over, with the time it took; drawn with a spinner meanwhile. What is told on the
   * way replaces itself on a terminal, and stays otherwise.
   */
  async step<T>(
    what: string,
    run: (onTheWay: (says: string) => void) => Promise<T>,
    tell: (value: T) => string = () => what,
  ): Promise<T> {
    const began = performance.now();
    let latest = '';
    this.live(() => [`  ${this.spinner()} ${what} ${this.dim(`${seconds(began)}${latest}`)}`]);
    const onTheWay = (says: string) => {
      latest = `   ${says}`;
      if (!this.#fancy) this.line(`    ${says}`);
    };
    try {
      const value = await run(onTheWay);
      this.live(null);
      this.line(`  ${this.good('✔')} ${tell(value)} ${this.dim(seconds(began))}`);
      return value;
    } catch (error) {
      this.live(null);
      this.line(`  ${this.bad('✖')} ${what} ${this.dim(seconds(began))}`);
      throw error;
    }
  }

  heading(text: string): void {
    this.line();
    this.line(this.bold(text));
  }

  bold(text: string): string {
    return this.#paint('1', text);
  }

  spinner(): string {
    const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
    return this.#paint('36', frames[Math.floor(performance.now() / 100) % frames.length] ?? '');
  }

  good(text: string): string {
    return this.#paint('32', text);
  }

  bad(text: string): string {
    return this.#paint('31', text);
  }

  busy(text: string): string {
    return this.#paint('33', text);
  }

  dim(text: string): string {
    return this.#paint('2', text);
  }

  #paint(code: string, text: string): string {
    return this.#fancy && process.env.NO_COLOR === undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
  }

  #redraw(): void {
    this.#erase();
    this.#draw();
  }

  #erase(): void {
    if (this.#drawn > 0) this.#out.write(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }

  #draw(): void {
    if (this.#live === null) return;
    const width = Math.max(20, this.#out.columns ?? 80);
    const lines = this.#live().map((text) => cut(text, width));
    this.#out.write(lines.map((text) => `${text}\n`).join(''));
    this.#drawn = lines.length;
  }
}

export function seconds(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

const colour = new RegExp(`(${'\u001b'}\\[[0-9;]*m)`);

/** Cuts to the visible width, so that a line is one line and can be redrawn; colours take no room. */
export function cut(text: string, width: number): string {
  let visible = 0;
  let kept = '';
  for (const piece of text.split(colour)) {
    if (piece.startsWith('\u001b')) {
      kept += piece;
      continue;
    }
    const room = Math.max(0, width - 1 - visible);
    kept += piece.slice(0, room);
    visible += Math.min(piece.length, room);
  }
  return kept;
}
