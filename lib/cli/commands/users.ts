import { Option, type Command } from 'commander';
import { readSecret } from '../read-secret';
import { UsageError } from '../usage-error';
import { passwordLength, roles, signInSchema, type Role } from '@/lib/auth/contract';

/**
 * `looktwice users add|list|password`: the first administrator of team mode, and what to do when nobody can sign in.
 */
export function registerUsers(program: Command): void {
  const users = program
    .command('users')
    .description('people with an account, for LOOKTWICE_MODE=team; works beside the running server');
  users
    .command('add')
    .description('make an account; the password is asked for, or read from standard input')
    .argument('<email>', 'the address to sign in with')
    .requiredOption('--name <name>', 'what others see')
    .addOption(new Option('--role <role>', 'what the person may do').choices(roles).default('admin'))
    .option('--json', 'print JSON')
    .action(add);
  users.command('list').description('list accounts').option('--json', 'print JSON').action(list);
  users
    .command('password')
    .description('set a new password, asked for or read from standard input, and end all sessions')
    .argument('<email>', 'whose')
    .action(password);
}

function checkEmail(value: string): string {
  const email = signInSchema.shape.email.safeParse(value);
  if (!email.success) {
    throw new UsageError(`"${value}" is not an email address`);
  }
  return email.data;
}

async function askPassword(): Promise<string> {
  const value = await readSecret('Password: ');
  if (value.length < passwordLength.min || value.length > passwordLength.max) {
    throw new UsageError(`The password must have ${passwordLength.min} to ${passwordLength.max} characters`);
  }
  return value;
}

async function add(value: string, options: { name: string; role: Role; json?: true }): Promise<void> {
  const { createAccount } = await import('@/lib/auth/create-account');
  const email = checkEmail(value);
  const { name, role } = options;
  const id = await createAccount({ email, name, role, password: await askPassword() }, {});
  process.stdout.write(
    options.json === true ? `${JSON.stringify({ id, email, name, role })}\n` : `Added ${email} as ${role}\n`,
  );
}

async function list({ json }: { json?: true }): Promise<void> {
  const { listMembers } = await import('@/lib/auth/members');
  const members = await listMembers();
  const lines = members.map((member) =>
    json === true
      ? JSON.stringify(member)
      : [member.email ?? '', member.role, member.disabled ? 'disabled' : '', member.name].join('\t'),
  );
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

async function password(value: string): Promise<void> {
  const { resetPassword } = await import('@/lib/auth/create-account');
  const email = checkEmail(value);
  await resetPassword(email, await askPassword(), {});
  process.stdout.write(`Set the password of ${email}\n`);
}
