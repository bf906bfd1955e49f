import { z } from 'zod';

// By itself zod tries whether it may compile its checks with `new Function`, which the content security policy blocks and reports.
z.config({ jitless: true });
