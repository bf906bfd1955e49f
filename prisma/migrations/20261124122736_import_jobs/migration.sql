-- AlterTable
ALTER TABLE "BatchResult" ADD COLUMN "agreement" REAL;

-- AlterTable
ALTER TABLE "DatasetItem" ADD COLUMN "importHash" TEXT;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_BatchJob" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "ownerId" TEXT NOT NULL,
    "datasetId" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "referenceIds" JSONB NOT NULL,
    "bundle" TEXT,
    "runner" TEXT NOT NULL DEFAULT 'server',
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "activeMs" INTEGER NOT NULL DEFAULT 0,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" DATETIME,
    CONSTRAINT "BatchJob_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "BatchJob_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_BatchJob" ("activeMs", "bundle", "createdAt", "datasetId", "done", "error", "failed", "finishedAt", "id", "mode", "ownerId", "referenceIds", "state", "total") SELECT "activeMs", "bundle", "createdAt", "datasetId", "done", "error", "failed", "finishedAt", "id", "mode", "ownerId", "referenceIds", "state", "total" FROM "BatchJob";
DROP TABLE "BatchJob";
ALTER TABLE "new_BatchJob" RENAME TO "BatchJob";
CREATE INDEX "BatchJob_datasetId_createdAt_idx" ON "BatchJob"("datasetId", "createdAt");
CREATE INDEX "BatchJob_state_idx" ON "BatchJob"("state");
CREATE TABLE "new_ImportJob" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "ownerId" TEXT NOT NULL,
    "datasetId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "directory" TEXT NOT NULL,
    "runner" TEXT NOT NULL DEFAULT 'server',
    "staged" BOOLEAN NOT NULL DEFAULT false,
    "format" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "total" INTEGER,
    "position" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "activeMs" INTEGER NOT NULL DEFAULT 0,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" DATETIME,
    CONSTRAINT "ImportJob_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "ImportJob_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_ImportJob" ("activeMs", "added", "createdAt", "datasetId", "directory", "error", "finishedAt", "format", "id", "ownerId", "position", "skipped", "source", "staged", "state", "total", "unchanged", "updated") SELECT "activeMs", "added", "createdAt", "datasetId", "directory", "error", "finishedAt", "format", "id", "ownerId", "position", "skipped", "source", "staged", "state", "total", "unchanged", "updated" FROM "ImportJob";
DROP TABLE "ImportJob";
ALTER TABLE "new_ImportJob" RENAME TO "ImportJob";
CREATE INDEX "ImportJob_ownerId_createdAt_idx" ON "ImportJob"("ownerId", "createdAt");
CREATE INDEX "ImportJob_datasetId_idx" ON "ImportJob"("datasetId");
CREATE INDEX "ImportJob_state_idx" ON "ImportJob"("state");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
