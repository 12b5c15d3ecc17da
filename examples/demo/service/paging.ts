import { Problem } from './problem.ts';
import { type Reply, taggedReply } from './reply.ts';

/** Which part of a list is wanted: page numbers start at 1, an empty search finds everything. */
export interface Paging {
  readonly page: number;
  readonly size: number;
  readonly search: string;
}

/** Reads `page` (1), `size` (20, at most 100) and `search` from a query. Throws a 400 problem for a bad value. */
export function readPaging(query: string): Paging {
  const parameters = new URLSearchParams(query);
  const search = readOnce(parameters, 'search') ?? '';
  if (search.length > 100) throw new Problem(400, 'search must have at most 100 characters.');
  return { page: readNumber(parameters, 'page', 1, 100_000), size: readNumber(parameters, 'size', 20, 100), search };
}

/** The reply with one page of a list of `total` items, and Link fields (RFC 8288) to the pages around it. */
export function pageReply(items: unknown[], total: number, paging: Paging, headers: Record<string, string>): Reply {
  const { page, size } = paging;
  const pages = Math.ceil(total / size);
  return taggedReply({ items, page, size, total, pages }, { Link: linkPages(paging, pages), ...headers });
}

function readNumber(parameters: URLSearchParams, name: string, preset: number, most: number): number {
  const value = readOnce(parameters, name);
  if (value === undefined) return preset;
  const number = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > most) throw new Problem(400, `${name} must be a whole number from 1 to ${most}.`);
  return number;
}

function readOnce(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name);
  if (values.length > 1) throw new Problem(400, `${name} may be given only once.`);
  return values[0];
}

/** The targets are queries alone, so they stay right behind a gateway that serves the list at another path. */
function linkPages({ page, size, search }: Paging, pages: number): string {
  const last = Math.max(pages, 1);
  const link = (relation: string, to: number) => {
    const query = new URLSearchParams({ page: String(to), size: String(size), ...(search && { search }) });
    return `<?${query}>; rel="${relation}"`;
  };
  const links = [link('first', 1)];
  if (page > 1) links.push(link('prev', Math.min(page - 1, last)));
  if (page < last) links.push(link('next', page + 1));
  links.push(link('last', last));
  return links.join(', ');
}
