import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastLines } from './last-lines.ts';

function linesOf(text: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'clusterlift-lines-'));
  try {
    writeFileSync(join(folder, 'stdout.log'), text);
    return lastLines(join(folder, 'stdout.log'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the last lines of a process', () => {
  it('are its headlines and causes, without stack frames', () => {
    const text = [
      '[2026-01-01T00:00:00,000][INFO ][o.e.n.Node] [n1] initializing ...',
      'java.lang.IllegalArgumentException: unknown setting [foo.bar]',
      '\tat org.elasticsearch.Settings.validate(Settings.java:1)',
      'Caused by: java.io.IOException: disk',
      '\t... 6 more',
    ].join('\n');
    expect(linesOf(text)).toEqual([
      'java.lang.IllegalArgumentException: unknown setting [foo.bar]',
      'Caused by: java.io.IOException: disk',
    ]);
  });

  it('are the points below a headline, too', () => {
    const text = ['ERROR: [1] bootstrap checks failed', '[1]: max file descriptors [4096] is too low', 'stopped'];
    expect(linesOf(text.join('\n'))).toEqual(text.slice(0, 2));
  });

  it('leave out what the JVM logs of itself on its way out, however much that is', () => {
    const noise = Array.from(
      { length: 100 },
      (_, n) => `[3.7${n}s][warning][cds] Skipping org/joni/exception/InternalException${n}: Unlinked class`,
    );
    expect(linesOf(['unknown setting [foo.bar]', ...noise].join('\n'))).toEqual(['unknown setting [foo.bar]']);
  });

  it('are the plain end where nothing in it looks like trouble, and nothing where there is no log', () => {
    expect(linesOf('one\ntwo\n')).toEqual(['one', 'two']);
    expect(lastLines('/nowhere/stdout.log')).toEqual([]);
  });

  it('begin where the process itself began to speak', () => {
    const folder = mkdtempSync(join(tmpdir(), 'clusterlift-lines-'));
    const before = 'Error of the one before\n';
    writeFileSync(join(folder, 'stdout.log'), `${before}Error of this one\n`);
    expect(lastLines(join(folder, 'stdout.log'), before.length)).toEqual(['Error of this one']);
    expect(lastLines(join(folder, 'stdout.log'), 10_000)).toEqual(['Error of the one before', 'Error of this one']);
    rmSync(folder, { recursive: true });
  });
});

describe('the last lines of a program that marks how bad they are', () => {
  it('are the errors of a Kubernetes component, each once, and not what only sounds like one', () => {
    const text = [
      'I1125 03:08:04.993709   26392 options.go:263] external host was not specified, could not tell, failed="no"',
      'W1125 03:08:04.993731   26392 authentication.go:841] cannot be refused',
      'E1125 03:08:05.000000   26392 reflector.go:1] "Failed to watch" err="connection refused"',
      'E1125 03:08:06.000000   26392 reflector.go:1] "Failed to watch" err="connection refused"',
      'I1125 03:08:06.500000   26392 server.go:152] "Golang settings" GOGC="" error=""',
      'E1125 03:08:06.684721   26392 run.go:72] "command failed" err="unrecognized feature gate: NoSuchGate"',
    ];
    expect(linesOf(text.join('\n'))).toEqual([text[3], text[5]]);
  });

  it('are what is wrong with its flags, without the help that goes before it', () => {
    const help = Array.from({ length: 60 }, (_, n) => `      --flag-${n}   how many times an Error may be refused or failed`);
    expect(linesOf([...help, '', 'Error: unknown flag: --no-such-flag'].join('\n'))).toEqual([
      'Error: unknown flag: --no-such-flag',
    ]);
    expect(linesOf(['flag provided but not defined: -no-such', 'Usage:', ...help].join('\n'))).toEqual([
      'flag provided but not defined: -no-such',
    ]);
  });

  it('hold a value of several lines with the line that it belongs to', () => {
    const text = [
      'F1125 03:08:06.684721       1 a.go:7] "It ended" err=<',
      '\tfirst',
      '\tsecond',
      ' >',
      'goroutine 1 [running]:',
    ];
    expect(linesOf(text.join('\n'))).toEqual(['F1125 03:08:06.684721       1 a.go:7] "It ended" err=< first second >']);
  });

  it('are etcd’s words and causes, without its stack traces', () => {
    const text = [
      '{"level":"info","ts":"2026-11-25T03:08:01.058Z","caller":"etcdmain/etcd.go:64","msg":"Running: ","args":["--error"]}',
      '{"level":"fatal","ts":"2026-11-25T03:08:01.058Z","msg":"failed to list data directory","error":"not a directory","stacktrace":"a\\n\\tb"}',
      '{"level":"error","ts":"2026-11-25T03:08:02.058Z","msg":"cut off',
    ];
    expect(linesOf(text.join('\n'))).toEqual(['fatal: failed to list data directory: not a directory', text[2]]);
  });

  it('are the alerts of a balancer', () => {
    const alert = "[ALERT]    (26313) : config : parsing [h.cfg:2] : unknown keyword 'nosuch' in 'global' section";
    expect(linesOf(`[NOTICE]   (26313) : haproxy version is 2.6.12\n${alert}\n`)).toEqual([alert]);
  });

  it('are its warnings where it told of no error, and its plain end where it told of nothing', () => {
    const warning = 'W1125 03:08:04.993731   26392 a.go:841] grpc: connection refused';
    const told = 'I1125 03:08:05.012902   26392 server.go:152] failed=0';
    expect(linesOf(`${warning}\n${told}\n`)).toEqual([warning]);
    const more = 'I1125 03:08:06.012902   26392 server.go:152] ready';
    expect(linesOf(`${told}\n${more}\n`)).toEqual([told, more]);
  });
});
