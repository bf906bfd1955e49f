export { changeConversation, createConversation } from './change-conversation';
export { deleteConversation, purgeDeleted, restoreConversation } from './delete-conversation';
export { listConversations } from './list-conversations';
export { readConversation } from './read-conversation';
export { tickItem } from './tick-item';
