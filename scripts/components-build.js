// Builds one component into the cache: whole or not at all, by one process at a time.
// It does not know which components there are.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { buildArguments, folderNameOf, goEnvironment, goNeeded, goPlatform, sourcesOf } from './components-parts.js';

/** The cold build of one Kubernetes release takes ten minutes and more on two cores that others use, too. */
const buildLimitMs = 60 * 60_000;
const turnLimitMs = 90 * 60_000;
const beatMs = 5_000;
/** A claim whose owner has shown no sign of life for this long was left behind by one that was killed. */
const staleMs = 60_000;
const lookMs = 1_000;
const progressMs = 30_000;
const linesShown = 40;

/** Where the finished component stands and whether it is there. Asks neither Go nor the network. */
export function lookFor(component, folder, root) {
  const target = goPlatform(process.platform, process.arch);
  const sources = sourcesOf(component, root);
  const path = join(folder, folderNameOf(component, sources, target));
  const link = join(folder, component.name);
  return { path, link, sources, target, built: existsSync(path), linked: targetOf(link) === basename(path) };
}

/** Comes back when the component is there, `{ kind: 'ready', path }`, or with `{ kind: 'failed', because }`. */
export async function buildComponent(component, folder, root, says) {
  const found = lookFor(component, folder, root);
  if (!found.built) {
    mkdirSync(folder, { recursive: true });
    const claim = await claimed(join(folder, `.building-${basename(found.path)}`), found.path, says);
    if (claim === null) return { kind: 'failed', because: 'another process has been building it for too long' };
    try {
      // Whoever had the claim before may have finished it.
      const because = existsSync(found.path) ? null : await compile(component, found, claim.scratch, says);
      if (because !== null) return { kind: 'failed', because };
    } finally {
      claim.release();
    }
  }
  if (!found.linked) pointAt(found);
  return { kind: 'ready', path: found.path };
}

/**
 * A folder is the claim: making it succeeds for one only. What is built stands inside it, so that a process which lost its
 * claim while the machine slept has nothing to move.
 */
async function claimed(path, wanted, says) {
  const giveUpAt = Date.now() + turnLimitMs;
  let told = false;
  while (!made(path)) {
    if (existsSync(wanted)) return { scratch: null, release: () => {} };
    if (Date.now() > giveUpAt) return null;
    if (isStale(path)) takeAway(path);
    else {
      if (!told) says('another process is building it; waiting for that');
      told = true;
      await pause(lookMs);
    }
  }
  const scratch = join(path, randomBytes(6).toString('hex'));
  mkdirSync(scratch, { recursive: true });
  const beat = setInterval(() => touch(path), beatMs);
  const release = () => {
    clearInterval(beat);
    process.removeListener('exit', release);
    rmSync(scratch, { recursive: true, force: true });
    // Fails, as it should, where another's scratch folder is: then the claim is no longer ours.
    quietly(() => rmdirSync(path));
  };
  process.once('exit', release);
  return { scratch, release };
}

/** Builds in the scratch folder and moves the result to its place in one stroke. Gives the reason when it fails. */
async function compile(component, found, scratch, says) {
  const [module, out] = [join(scratch, 'module'), join(scratch, 'out')];
  mkdirSync(module);
  mkdirSync(join(out, 'bin'), { recursive: true });
  for (const [file, content] of found.sources) writeFileSync(join(module, file), content);
  for (const program of component.programs) {
    const args = buildArguments(program, join(out, 'bin'));
    const ended = await runGo(args, module, goEnvironment(process.env, found.target), (compiled) =>
      says(`${program.file}: ${compiled} packages compiled`),
    );
    if (ended.code !== 0) return inWords(ended, found.sources);
    for (const name of program.names) symlinkSync(program.file, join(out, 'bin', name));
  }
  quietly(() => renameSync(out, found.path));
  return existsSync(found.path) ? null : `${found.path} could not be put in its place`;
}

function runGo(args, cwd, env, progress) {
  return new Promise((resolve) => {
    const child = spawn('go', args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const stop = () => child.kill('SIGINT');
    process.once('exit', stop);
    const limit = setTimeout(stop, buildLimitMs);
    const lines = [];
    let compiled = 0;
    createInterface({ input: child.stderr }).on('line', (line) => {
      // With -v a line is the name of a package; anything else is for a person.
      if (/^\S+$/.test(line)) compiled += 1;
      else if (!line.startsWith('go: downloading ')) lines.push(line);
    });
    const timer = setInterval(() => progress(compiled), progressMs);
    const end = (code, word) => {
      clearInterval(timer);
      clearTimeout(limit);
      process.removeListener('exit', stop);
      resolve({ code, word, lines });
    };
    child.once('error', (error) => end(1, error.code === 'ENOENT' ? 'Go was not found.' : error.message));
    child.once('close', (code, signal) => end(code ?? 1, signal === null ? null : `go was ended by ${signal}`));
  });
}

/** Go's own words, and what to install when Go is missing or too old. */
function inWords({ word, lines }, sources) {
  const said = [...lines.slice(-linesShown), ...(word === null ? [] : [word])].join('\n');
  const lacking = word === 'Go was not found.' || /requires go >= /.test(said);
  return lacking ? `${said} ${goNeeded(sources)}` : said || 'go build failed without a word';
}

/** The name without a hash points at what the present sources give; it is replaced, never missing. */
function pointAt({ path, link }) {
  const fresh = `${link}.${randomBytes(6).toString('hex')}`;
  symlinkSync(basename(path), fresh);
  renameSync(fresh, link);
}

function targetOf(link) {
  return quietly(() => readlinkSync(link)) ?? null;
}

function made(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(path) {
  const seen = quietly(() => statSync(path).mtimeMs);
  return seen !== undefined && Date.now() - seen > staleMs;
}

/** Moving it away succeeds for one only. */
function takeAway(path) {
  const away = `${path}.${randomBytes(6).toString('hex')}`;
  if (quietly(() => renameSync(path, away) ?? true)) rmSync(away, { recursive: true, force: true });
}

function touch(path) {
  const now = new Date();
  quietly(() => utimesSync(path, now, now));
}

/** For what another process may have done first. */
function quietly(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
