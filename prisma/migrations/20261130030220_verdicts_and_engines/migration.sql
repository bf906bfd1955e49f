-- AlterTable
ALTER TABLE "BatchResult" ADD COLUMN "judgement" JSONB;

-- AlterTable
ALTER TABLE "Conversation" ADD COLUMN "engine" TEXT;

-- AlterTable
ALTER TABLE "DatasetItem" ADD COLUMN "judgement" JSONB;
ALTER TABLE "DatasetItem" ADD COLUMN "modelVerdict" TEXT;

-- CreateTable
CREATE TABLE "EngineConsent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "engine" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "conversationId" TEXT,
    "userId" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "EngineConsent_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "EngineConsent_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "EngineConsent_engine_address_idx" ON "EngineConsent"("engine", "address");

-- CreateIndex
CREATE INDEX "EngineConsent_conversationId_idx" ON "EngineConsent"("conversationId");

-- CreateIndex
CREATE INDEX "DatasetItem_datasetId_modelVerdict_idx" ON "DatasetItem"("datasetId", "modelVerdict");
