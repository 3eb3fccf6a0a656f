import { Presets, SingleBar } from 'cli-progress';

/** A bar for the check that is running, on a terminal only; it goes before anything else is printed. */
export function progressBar(stream: NodeJS.WriteStream): { at(id: string, part: number): void; clear(): void } {
  let bar: SingleBar | null = null;
  return {
    at(id, part) {
      if (!stream.isTTY) return;
      if (!bar) {
        bar = new SingleBar(
          { stream, format: '{id} {bar} {percentage}%', clearOnComplete: true, hideCursor: true },
          Presets.shades_classic,
        );
        bar.start(1, 0, { id });
      }
      bar.update(part, { id });
    },
    clear() {
      bar?.stop();
      bar = null;
    },
  };
}
