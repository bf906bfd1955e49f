-- CreateTable
CREATE TABLE "Part" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "ownerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "number" TEXT,
    "revision" TEXT,
    "material" TEXT,
    "notes" TEXT NOT NULL DEFAULT '',
    "pxPerMm" REAL,
    "area" JSONB,
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "threshold" REAL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" DATETIME,
    CONSTRAINT "Part_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PartSample" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "partId" TEXT NOT NULL,
    "imageId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "view" TEXT,
    "defectType" TEXT,
    "bbox" JSONB,
    "authorId" TEXT,
    "score" REAL,
    "scoreKey" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "PartSample_partId_fkey" FOREIGN KEY ("partId") REFERENCES "Part" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "PartSample_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "PartSample_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PartCorrection" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "partId" TEXT NOT NULL,
    "imageId" TEXT NOT NULL,
    "authorId" TEXT,
    "kind" TEXT NOT NULL,
    "sampleKind" TEXT NOT NULL,
    "defectType" TEXT,
    "bbox" JSONB,
    "note" TEXT,
    "before" JSONB,
    "thresholdBefore" REAL,
    "thresholdAfter" REAL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "undoneAt" DATETIME,
    "undoneById" TEXT,
    CONSTRAINT "PartCorrection_partId_fkey" FOREIGN KEY ("partId") REFERENCES "Part" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "PartCorrection_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "PartCorrection_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "PartCorrection_undoneById_fkey" FOREIGN KEY ("undoneById") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Part_ownerId_deletedAt_idx" ON "Part"("ownerId", "deletedAt");

-- CreateIndex
CREATE INDEX "PartSample_imageId_idx" ON "PartSample"("imageId");

-- CreateIndex
CREATE UNIQUE INDEX "PartSample_partId_imageId_key" ON "PartSample"("partId", "imageId");

-- CreateIndex
CREATE INDEX "PartCorrection_partId_createdAt_idx" ON "PartCorrection"("partId", "createdAt");

-- CreateIndex
CREATE INDEX "PartCorrection_imageId_idx" ON "PartCorrection"("imageId");
