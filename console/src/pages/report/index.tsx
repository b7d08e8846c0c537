import type { PageProps } from '../../app/pages.ts';
import { PageHead } from '../../components/index.ts';

export default function Page(_: PageProps) {
  return <PageHead title="Report" />;
}
