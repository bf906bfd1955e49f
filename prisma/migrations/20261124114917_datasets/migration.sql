-- AlterTable
ALTER TABLE "Dataset" ADD COLUMN "calibration" JSONB;
ALTER TABLE "Dataset" ADD COLUMN "threshold" REAL;

-- AlterTable
ALTER TABLE "Mask" ADD COLUMN "parts" JSONB;

-- CreateTable
CREATE TABLE "Assignment" (
    "itemId" TEXT NOT NULL,
    "reviewerId" TEXT NOT NULL,
    "adjudicates" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "doneAt" DATETIME,

    PRIMARY KEY ("itemId", "reviewerId"),
    CONSTRAINT "Assignment_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Assignment_reviewerId_fkey" FOREIGN KEY ("reviewerId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ItemComment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "itemId" TEXT NOT NULL,
    "authorId" TEXT,
    "text" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "ItemComment_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "ItemComment_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ImportJob" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "ownerId" TEXT NOT NULL,
    "datasetId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "directory" TEXT NOT NULL,
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

-- CreateTable
CREATE TABLE "ImportProblem" (
    "jobId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "message" TEXT NOT NULL,

    PRIMARY KEY ("jobId", "seq"),
    CONSTRAINT "ImportProblem_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "ImportJob" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "BatchJob" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "ownerId" TEXT NOT NULL,
    "datasetId" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "referenceIds" JSONB NOT NULL,
    "bundle" TEXT,
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

-- CreateTable
CREATE TABLE "BatchResult" (
    "jobId" TEXT NOT NULL,
    "itemId" TEXT NOT NULL,
    "score" REAL,
    "disagreement" REAL,
    "uncertainty" REAL,
    "maskIou" REAL,
    "inside" REAL,
    "outside" REAL,
    "type" TEXT,
    "inspectionId" TEXT,
    "error" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,

    PRIMARY KEY ("jobId", "itemId"),
    CONSTRAINT "BatchResult_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "BatchJob" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "BatchResult_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ImageFeature" (
    "imageId" TEXT NOT NULL,
    "bundle" TEXT NOT NULL,
    "vector" BLOB NOT NULL,

    PRIMARY KEY ("imageId", "bundle"),
    CONSTRAINT "ImageFeature_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_DatasetItem" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "datasetId" TEXT NOT NULL,
    "imageId" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "split" TEXT,
    "category" TEXT,
    "label" TEXT NOT NULL DEFAULT 'unlabelled',
    "defectType" TEXT,
    "maskId" TEXT,
    "description" TEXT,
    "impact" TEXT,
    "suggestion" TEXT,
    "exchanges" JSONB,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "verdict" TEXT,
    "score" REAL,
    "disagreement" REAL,
    "uncertainty" REAL,
    "scoreJobId" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "DatasetItem_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "DatasetItem_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "DatasetItem_maskId_fkey" FOREIGN KEY ("maskId") REFERENCES "Mask" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
INSERT INTO "new_DatasetItem" ("category", "createdAt", "datasetId", "defectType", "id", "imageId", "label", "maskId", "path", "split") SELECT "category", "createdAt", "datasetId", "defectType", "id", "imageId", "label", "maskId", "path", "split" FROM "DatasetItem";
DROP TABLE "DatasetItem";
ALTER TABLE "new_DatasetItem" RENAME TO "DatasetItem";
CREATE INDEX "DatasetItem_imageId_idx" ON "DatasetItem"("imageId");
CREATE INDEX "DatasetItem_datasetId_score_idx" ON "DatasetItem"("datasetId", "score");
CREATE INDEX "DatasetItem_datasetId_disagreement_idx" ON "DatasetItem"("datasetId", "disagreement");
CREATE INDEX "DatasetItem_datasetId_uncertainty_idx" ON "DatasetItem"("datasetId", "uncertainty");
CREATE INDEX "DatasetItem_datasetId_verdict_idx" ON "DatasetItem"("datasetId", "verdict");
CREATE UNIQUE INDEX "DatasetItem_datasetId_path_key" ON "DatasetItem"("datasetId", "path");
CREATE TABLE "new_Review" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "itemId" TEXT NOT NULL,
    "reviewerId" TEXT,
    "verdict" TEXT NOT NULL,
    "label" TEXT,
    "defectType" TEXT,
    "maskId" TEXT,
    "comment" TEXT,
    "description" TEXT,
    "impact" TEXT,
    "suggestion" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "supersedesId" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Review_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Review_reviewerId_fkey" FOREIGN KEY ("reviewerId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Review_maskId_fkey" FOREIGN KEY ("maskId") REFERENCES "Mask" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "Review_supersedesId_fkey" FOREIGN KEY ("supersedesId") REFERENCES "Review" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION
);
INSERT INTO "new_Review" ("comment", "createdAt", "defectType", "id", "itemId", "label", "maskId", "reviewerId", "supersedesId", "verdict") SELECT "comment", "createdAt", "defectType", "id", "itemId", "label", "maskId", "reviewerId", "supersedesId", "verdict" FROM "Review";
DROP TABLE "Review";
ALTER TABLE "new_Review" RENAME TO "Review";
CREATE INDEX "Review_itemId_createdAt_idx" ON "Review"("itemId", "createdAt");
CREATE INDEX "Review_reviewerId_idx" ON "Review"("reviewerId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

-- CreateIndex
CREATE INDEX "Assignment_reviewerId_doneAt_idx" ON "Assignment"("reviewerId", "doneAt");

-- CreateIndex
CREATE INDEX "ItemComment_itemId_createdAt_idx" ON "ItemComment"("itemId", "createdAt");

-- CreateIndex
CREATE INDEX "ImportJob_ownerId_createdAt_idx" ON "ImportJob"("ownerId", "createdAt");

-- CreateIndex
CREATE INDEX "ImportJob_datasetId_idx" ON "ImportJob"("datasetId");

-- CreateIndex
CREATE INDEX "ImportJob_state_idx" ON "ImportJob"("state");

-- CreateIndex
CREATE INDEX "BatchJob_datasetId_createdAt_idx" ON "BatchJob"("datasetId", "createdAt");

-- CreateIndex
CREATE INDEX "BatchJob_state_idx" ON "BatchJob"("state");

-- CreateIndex
CREATE INDEX "BatchResult_itemId_idx" ON "BatchResult"("itemId");
