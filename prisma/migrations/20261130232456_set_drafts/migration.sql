-- CreateTable
CREATE TABLE "DraftJob" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "ownerId" TEXT NOT NULL,
    "datasetId" TEXT NOT NULL,
    "engine" TEXT,
    "label" TEXT NOT NULL,
    "address" TEXT,
    "allowed" BOOLEAN NOT NULL DEFAULT false,
    "fields" JSONB NOT NULL,
    "scope" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "runner" TEXT NOT NULL DEFAULT 'server',
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "activeMs" INTEGER NOT NULL DEFAULT 0,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" DATETIME,
    CONSTRAINT "DraftJob_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "DraftJob_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ItemDraft" (
    "jobId" TEXT NOT NULL,
    "itemId" TEXT NOT NULL,
    "description" TEXT,
    "impact" TEXT,
    "suggestion" TEXT,
    "error" TEXT,
    "reviewedAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,

    PRIMARY KEY ("jobId", "itemId"),
    CONSTRAINT "ItemDraft_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "DraftJob" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "ItemDraft_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "DraftJob_datasetId_createdAt_idx" ON "DraftJob"("datasetId", "createdAt");

-- CreateIndex
CREATE INDEX "DraftJob_state_idx" ON "DraftJob"("state");

-- CreateIndex
CREATE INDEX "ItemDraft_itemId_createdAt_idx" ON "ItemDraft"("itemId", "createdAt");
