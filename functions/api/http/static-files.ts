import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Reply } from './reply.ts';

/** The dashboard's files. */
export interface StaticFiles {
  /** The file at this path of the site, `/` being its page; undefined when there is none. */
  answer(path: string, headers: Readonly<Record<string, string>>): Reply | undefined;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const MAX_FILES = 200;

interface SiteFile {
  readonly bytes: Buffer;
  readonly gzipped: Buffer | undefined;
  readonly etag: string;
  readonly type: string;
}

/**
 * The files of a folder, read on first use. Only what lies there at that time can be asked for. `uploadUrl` is where the
 * page sends files to.
 */
export function openStaticFiles(folder: string, streamUrl: string, uploadUrl?: string): StaticFiles {
  let files: ReadonlyMap<string, SiteFile> | undefined;
  const security = securityHeaders(streamUrl, uploadUrl);
  return {
    answer(path, headers) {
      files ??= readSite(folder);
      const name = path === '/' ? '/index.html' : path;
      const file = files.get(name);
      if (!file) return undefined;
      // Names under assets/ hold a hash of the content, so the same name is the same file for ever.
      const cacheControl = name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      const always = { etag: file.etag, 'cache-control': cacheControl, vary: 'accept-encoding', ...security };
      if (headers['if-none-match'] === file.etag) return { statusCode: 304, headers: always, body: '' };
      const isGzip = file.gzipped !== undefined && /\bgzip\b/.test(headers['accept-encoding'] ?? '');
      return {
        statusCode: 200,
        headers: { ...always, 'content-type': file.type, ...(isGzip && { 'content-encoding': 'gzip' }) },
        body: (isGzip ? file.gzipped! : file.bytes).toString('base64'),
        isBase64Encoded: true,
      };
    },
  };
}

/** What a page of ours may load and do: nothing from elsewhere but the event stream, and uploads to our bucket. */
export function securityHeaders(streamUrl: string, uploadUrl?: string): Readonly<Record<string, string>> {
  const others = [new URL(streamUrl).origin, ...(uploadUrl === undefined ? [] : [uploadUrl])];
  const policy = [
    `default-src 'self'`,
    // the component library writes its colour variables into style elements
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data:`,
    `connect-src 'self' ${others.join(' ')}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
}

function readSite(folder: string): ReadonlyMap<string, SiteFile> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .slice(0, MAX_FILES)
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    names.map((path) => {
      const bytes = readFileSync(path);
      const type = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
      const isText = /^text\/|json|svg/.test(type);
      const file: SiteFile = {
        bytes,
        gzipped: isText && bytes.length > 1024 ? gzipSync(bytes) : undefined,
        etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
        type,
      };
      return [path.slice(folder.length).replaceAll(sep, '/'), file];
    }),
  );
}
