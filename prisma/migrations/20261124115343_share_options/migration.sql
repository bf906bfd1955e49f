-- AlterTable
ALTER TABLE "Image" ADD COLUMN "receivedAt" DATETIME;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Share" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "conversationId" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "leafId" TEXT,
    "snapshot" JSONB,
    "live" BOOLEAN NOT NULL DEFAULT false,
    "includeNames" BOOLEAN NOT NULL DEFAULT false,
    "includeMetadata" BOOLEAN NOT NULL DEFAULT false,
    "allowEmbed" BOOLEAN NOT NULL DEFAULT false,
    "passwordHash" TEXT,
    "views" INTEGER NOT NULL DEFAULT 0,
    "lastViewedAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME,
    "revokedAt" DATETIME,
    CONSTRAINT "Share_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Share_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Share" ("allowEmbed", "conversationId", "createdAt", "expiresAt", "id", "includeNames", "leafId", "ownerId", "passwordHash", "revokedAt", "snapshot", "tokenHash", "views") SELECT "allowEmbed", "conversationId", "createdAt", "expiresAt", "id", "includeNames", "leafId", "ownerId", "passwordHash", "revokedAt", "snapshot", "tokenHash", "views" FROM "Share";
DROP TABLE "Share";
ALTER TABLE "new_Share" RENAME TO "Share";
CREATE UNIQUE INDEX "Share_tokenHash_key" ON "Share"("tokenHash");
CREATE INDEX "Share_ownerId_createdAt_idx" ON "Share"("ownerId", "createdAt");
CREATE INDEX "Share_conversationId_idx" ON "Share"("conversationId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
