import { useSearchParams } from 'wouter';
import { type FilterName, filters, type SortName, type View } from './rows.ts';

/** Search, filter and order stand in the address, so that a view can be kept and sent, and Back leads to it. */
export function useView(): readonly [View, (change: Partial<View>) => void] {
  const [words, setWords] = useSearchParams();
  const view = viewOf(words);
  return [view, (change) => setWords(wordsOf({ ...view, ...change }), { replace: true })];
}

const usual: View = { search: '', filter: 'all', sort: 'status', isDescending: false };
const sorts: readonly SortName[] = ['name', 'engine', 'release', 'support', 'members', 'status'];

function viewOf(words: URLSearchParams): View {
  const filter = words.get('show') ?? '';
  const sort = words.get('sort') ?? '';
  return {
    search: words.get('q') ?? usual.search,
    filter: Object.hasOwn(filters, filter) ? (filter as FilterName) : usual.filter,
    sort: sorts.find((name) => name === sort) ?? usual.sort,
    isDescending: words.get('order') === 'down',
  };
}

function wordsOf({ search, filter, sort, isDescending }: View): URLSearchParams {
  const words = new URLSearchParams();
  if (search !== '') words.set('q', search);
  if (filter !== usual.filter) words.set('show', filter);
  if (sort !== usual.sort) words.set('sort', sort);
  if (isDescending) words.set('order', 'down');
  return words;
}
