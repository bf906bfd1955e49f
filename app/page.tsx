import { page } from '@/lib/handler/page';
import { Boot } from '@/lib/workbench/shell/boot';

export default page({ access: 'read' }, ({ nonce }) => <Boot nonce={nonce} />);
