CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "email" TEXT COLLATE "C",
    "role" TEXT COLLATE "C" NOT NULL DEFAULT 'admin',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT COLLATE "C",
    "updatedAt" TIMESTAMP(3),
    "disabledAt" TIMESTAMP(3),

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "token" TEXT COLLATE "C" NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "ipAddress" TEXT COLLATE "C",
    "userAgent" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "providerId" TEXT COLLATE "C" NOT NULL,
    "accessToken" TEXT COLLATE "C",
    "refreshToken" TEXT COLLATE "C",
    "idToken" TEXT COLLATE "C",
    "accessTokenExpiresAt" TIMESTAMP(3),
    "refreshTokenExpiresAt" TIMESTAMP(3),
    "scope" TEXT COLLATE "C",
    "password" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Verification" (
    "id" TEXT COLLATE "C" NOT NULL,
    "identifier" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Invitation" (
    "id" TEXT COLLATE "C" NOT NULL,
    "tokenHash" TEXT COLLATE "C" NOT NULL,
    "email" TEXT COLLATE "C" NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL,
    "invitedById" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "acceptedAt" TIMESTAMP(3),
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "keyHash" TEXT COLLATE "C" NOT NULL,
    "hint" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMP(3),
    "expiresAt" TIMESTAMP(3),
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Conversation" (
    "id" TEXT COLLATE "C" NOT NULL,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "pinned" BOOLEAN NOT NULL DEFAULT false,
    "leafId" TEXT COLLATE "C",
    "engine" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMP(3),

    CONSTRAINT "Conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "EngineConsent" (
    "id" TEXT COLLATE "C" NOT NULL,
    "engine" TEXT COLLATE "C" NOT NULL,
    "address" TEXT COLLATE "C" NOT NULL,
    "conversationId" TEXT COLLATE "C",
    "userId" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "EngineConsent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Message" (
    "id" TEXT COLLATE "C" NOT NULL,
    "conversationId" TEXT COLLATE "C" NOT NULL,
    "parentId" TEXT COLLATE "C",
    "role" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "parts" JSON NOT NULL,
    "text" TEXT COLLATE "C" NOT NULL,
    "settings" JSON,
    "context" JSON,
    "bundle" TEXT COLLATE "C",
    "errorCode" TEXT COLLATE "C",
    "errorMessage" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "Message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MessageEvent" (
    "messageId" TEXT COLLATE "C" NOT NULL,
    "seq" INTEGER NOT NULL,
    "chunks" JSON NOT NULL,

    CONSTRAINT "MessageEvent_pkey" PRIMARY KEY ("messageId","seq")
);

-- CreateTable
CREATE TABLE "MessageImage" (
    "messageId" TEXT COLLATE "C" NOT NULL,
    "imageId" TEXT COLLATE "C" NOT NULL,
    "position" INTEGER NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "MessageImage_pkey" PRIMARY KEY ("messageId","position")
);

-- CreateTable
CREATE TABLE "ChecklistTick" (
    "messageId" TEXT COLLATE "C" NOT NULL,
    "itemId" TEXT COLLATE "C" NOT NULL,
    "done" BOOLEAN NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ChecklistTick_pkey" PRIMARY KEY ("messageId","itemId")
);

-- CreateTable
CREATE TABLE "Image" (
    "id" TEXT COLLATE "C" NOT NULL,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "sha256" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "mime" TEXT COLLATE "C" NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "pages" INTEGER NOT NULL DEFAULT 1,
    "low" DOUBLE PRECISION,
    "high" DOUBLE PRECISION,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "receivedAt" TIMESTAMP(3),

    CONSTRAINT "Image_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Inspection" (
    "id" TEXT COLLATE "C" NOT NULL,
    "imageId" TEXT COLLATE "C" NOT NULL,
    "bundle" TEXT COLLATE "C" NOT NULL,
    "referenceKey" TEXT COLLATE "C" NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "payload" JSON NOT NULL,
    "mapKey" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Inspection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Mask" (
    "id" TEXT COLLATE "C" NOT NULL,
    "imageId" TEXT COLLATE "C" NOT NULL,
    "inspectionId" TEXT COLLATE "C",
    "messageId" TEXT COLLATE "C",
    "authorId" TEXT COLLATE "C",
    "supersedesId" TEXT COLLATE "C",
    "rle" JSON NOT NULL,
    "bbox" JSON NOT NULL,
    "areaFraction" DOUBLE PRECISION NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "source" TEXT COLLATE "C" NOT NULL,
    "parts" JSON,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Mask_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Share" (
    "id" TEXT COLLATE "C" NOT NULL,
    "conversationId" TEXT COLLATE "C" NOT NULL,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "tokenHash" TEXT COLLATE "C" NOT NULL,
    "leafId" TEXT COLLATE "C",
    "snapshot" JSON,
    "live" BOOLEAN NOT NULL DEFAULT false,
    "includeNames" BOOLEAN NOT NULL DEFAULT false,
    "includeMetadata" BOOLEAN NOT NULL DEFAULT false,
    "allowEmbed" BOOLEAN NOT NULL DEFAULT false,
    "membersOnly" BOOLEAN NOT NULL DEFAULT false,
    "passwordHash" TEXT COLLATE "C",
    "views" INTEGER NOT NULL DEFAULT 0,
    "lastViewedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3),
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "Share_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ShareImage" (
    "shareId" TEXT COLLATE "C" NOT NULL,
    "imageId" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "ShareImage_pkey" PRIMARY KEY ("shareId","imageId")
);

-- CreateTable
CREATE TABLE "Dataset" (
    "id" TEXT COLLATE "C" NOT NULL,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "format" TEXT COLLATE "C" NOT NULL,
    "threshold" DOUBLE PRECISION,
    "calibration" JSON,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMP(3),

    CONSTRAINT "Dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DatasetItem" (
    "id" TEXT COLLATE "C" NOT NULL,
    "datasetId" TEXT COLLATE "C" NOT NULL,
    "imageId" TEXT COLLATE "C" NOT NULL,
    "path" TEXT COLLATE "C" NOT NULL,
    "split" TEXT COLLATE "C",
    "category" TEXT COLLATE "C",
    "label" TEXT COLLATE "C" NOT NULL DEFAULT 'unlabelled',
    "defectType" TEXT COLLATE "C",
    "maskId" TEXT COLLATE "C",
    "description" TEXT COLLATE "C",
    "impact" TEXT COLLATE "C",
    "suggestion" TEXT COLLATE "C",
    "exchanges" JSON,
    "importHash" TEXT COLLATE "C",
    "revision" INTEGER NOT NULL DEFAULT 0,
    "verdict" TEXT COLLATE "C",
    "score" DOUBLE PRECISION,
    "disagreement" DOUBLE PRECISION,
    "uncertainty" DOUBLE PRECISION,
    "modelVerdict" TEXT COLLATE "C",
    "judgement" JSON,
    "scoreJobId" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DatasetItem_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Assignment" (
    "itemId" TEXT COLLATE "C" NOT NULL,
    "reviewerId" TEXT COLLATE "C" NOT NULL,
    "adjudicates" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "doneAt" TIMESTAMP(3),

    CONSTRAINT "Assignment_pkey" PRIMARY KEY ("itemId","reviewerId")
);

-- CreateTable
CREATE TABLE "ItemComment" (
    "id" TEXT COLLATE "C" NOT NULL,
    "itemId" TEXT COLLATE "C" NOT NULL,
    "authorId" TEXT COLLATE "C",
    "text" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ItemComment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ImportJob" (
    "id" TEXT COLLATE "C" NOT NULL,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "datasetId" TEXT COLLATE "C" NOT NULL,
    "source" TEXT COLLATE "C" NOT NULL,
    "directory" TEXT COLLATE "C" NOT NULL,
    "runner" TEXT COLLATE "C" NOT NULL DEFAULT 'server',
    "staged" BOOLEAN NOT NULL DEFAULT false,
    "format" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL DEFAULT 'waiting',
    "total" INTEGER,
    "position" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT COLLATE "C",
    "activeMs" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "ImportJob_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ImportProblem" (
    "jobId" TEXT COLLATE "C" NOT NULL,
    "seq" INTEGER NOT NULL,
    "code" TEXT COLLATE "C" NOT NULL,
    "place" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "ImportProblem_pkey" PRIMARY KEY ("jobId","seq")
);

-- CreateTable
CREATE TABLE "BatchJob" (
    "id" TEXT COLLATE "C" NOT NULL,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "datasetId" TEXT COLLATE "C" NOT NULL,
    "mode" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL DEFAULT 'waiting',
    "referenceIds" JSON NOT NULL,
    "bundle" TEXT COLLATE "C",
    "runner" TEXT COLLATE "C" NOT NULL DEFAULT 'server',
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT COLLATE "C",
    "activeMs" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "BatchJob_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BatchResult" (
    "jobId" TEXT COLLATE "C" NOT NULL,
    "itemId" TEXT COLLATE "C" NOT NULL,
    "score" DOUBLE PRECISION,
    "disagreement" DOUBLE PRECISION,
    "uncertainty" DOUBLE PRECISION,
    "maskIou" DOUBLE PRECISION,
    "inside" DOUBLE PRECISION,
    "outside" DOUBLE PRECISION,
    "agreement" DOUBLE PRECISION,
    "type" TEXT COLLATE "C",
    "judgement" JSON,
    "inspectionId" TEXT COLLATE "C",
    "error" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "BatchResult_pkey" PRIMARY KEY ("jobId","itemId")
);

-- CreateTable
CREATE TABLE "DraftJob" (
    "id" TEXT COLLATE "C" NOT NULL,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "datasetId" TEXT COLLATE "C" NOT NULL,
    "engine" TEXT COLLATE "C",
    "label" TEXT COLLATE "C" NOT NULL,
    "address" TEXT COLLATE "C",
    "allowed" BOOLEAN NOT NULL DEFAULT false,
    "fields" JSON NOT NULL,
    "scope" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL DEFAULT 'waiting',
    "runner" TEXT COLLATE "C" NOT NULL DEFAULT 'server',
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT COLLATE "C",
    "activeMs" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "DraftJob_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ItemDraft" (
    "jobId" TEXT COLLATE "C" NOT NULL,
    "itemId" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C",
    "impact" TEXT COLLATE "C",
    "suggestion" TEXT COLLATE "C",
    "error" TEXT COLLATE "C",
    "reviewedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ItemDraft_pkey" PRIMARY KEY ("jobId","itemId")
);

-- CreateTable
CREATE TABLE "ImageFeature" (
    "imageId" TEXT COLLATE "C" NOT NULL,
    "bundle" TEXT COLLATE "C" NOT NULL,
    "vector" BYTEA NOT NULL,

    CONSTRAINT "ImageFeature_pkey" PRIMARY KEY ("imageId","bundle")
);

-- CreateTable
CREATE TABLE "ReferenceSet" (
    "id" TEXT COLLATE "C" NOT NULL,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "datasetId" TEXT COLLATE "C",
    "name" TEXT COLLATE "C" NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ReferenceSet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ReferenceSetImage" (
    "referenceSetId" TEXT COLLATE "C" NOT NULL,
    "imageId" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "ReferenceSetImage_pkey" PRIMARY KEY ("referenceSetId","imageId")
);

-- CreateTable
CREATE TABLE "Part" (
    "id" TEXT COLLATE "C" NOT NULL,
    "ownerId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "number" TEXT COLLATE "C",
    "revision" TEXT COLLATE "C",
    "material" TEXT COLLATE "C",
    "notes" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "pxPerMm" DOUBLE PRECISION,
    "area" JSON,
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "threshold" DOUBLE PRECISION,
    "version" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMP(3),

    CONSTRAINT "Part_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PartSample" (
    "id" TEXT COLLATE "C" NOT NULL,
    "partId" TEXT COLLATE "C" NOT NULL,
    "imageId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "view" TEXT COLLATE "C",
    "defectType" TEXT COLLATE "C",
    "bbox" JSON,
    "authorId" TEXT COLLATE "C",
    "score" DOUBLE PRECISION,
    "scoreKey" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PartSample_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PartCorrection" (
    "id" TEXT COLLATE "C" NOT NULL,
    "partId" TEXT COLLATE "C" NOT NULL,
    "imageId" TEXT COLLATE "C" NOT NULL,
    "authorId" TEXT COLLATE "C",
    "kind" TEXT COLLATE "C" NOT NULL,
    "sampleKind" TEXT COLLATE "C" NOT NULL,
    "defectType" TEXT COLLATE "C",
    "bbox" JSON,
    "note" TEXT COLLATE "C",
    "before" JSON,
    "thresholdBefore" DOUBLE PRECISION,
    "thresholdAfter" DOUBLE PRECISION,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "undoneAt" TIMESTAMP(3),
    "undoneById" TEXT COLLATE "C",

    CONSTRAINT "PartCorrection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Review" (
    "id" TEXT COLLATE "C" NOT NULL,
    "itemId" TEXT COLLATE "C" NOT NULL,
    "reviewerId" TEXT COLLATE "C",
    "verdict" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C",
    "defectType" TEXT COLLATE "C",
    "maskId" TEXT COLLATE "C",
    "comment" TEXT COLLATE "C",
    "description" TEXT COLLATE "C",
    "impact" TEXT COLLATE "C",
    "suggestion" TEXT COLLATE "C",
    "revision" INTEGER NOT NULL DEFAULT 0,
    "before" JSON,
    "supersedesId" TEXT COLLATE "C",
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEvent" (
    "id" TEXT COLLATE "C" NOT NULL,
    "actorId" TEXT COLLATE "C",
    "action" TEXT COLLATE "C" NOT NULL,
    "targetType" TEXT COLLATE "C" NOT NULL,
    "targetId" TEXT COLLATE "C" NOT NULL,
    "requestId" TEXT COLLATE "C",
    "address" TEXT COLLATE "C",
    "detail" JSON,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AuditEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "starts" INTEGER NOT NULL DEFAULT 0,
    "checkedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Session_token_key" ON "Session"("token");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "Account_userId_idx" ON "Account"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Account_providerId_accountId_key" ON "Account"("providerId", "accountId");

-- CreateIndex
CREATE INDEX "Verification_identifier_idx" ON "Verification"("identifier");

-- CreateIndex
CREATE INDEX "Verification_expiresAt_idx" ON "Verification"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_tokenHash_key" ON "Invitation"("tokenHash");

-- CreateIndex
CREATE INDEX "Invitation_email_idx" ON "Invitation"("email");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_keyHash_key" ON "ApiKey"("keyHash");

-- CreateIndex
CREATE INDEX "ApiKey_userId_createdAt_idx" ON "ApiKey"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "Conversation_ownerId_deletedAt_pinned_updatedAt_idx" ON "Conversation"("ownerId", "deletedAt", "pinned", "updatedAt");

-- CreateIndex
CREATE INDEX "Conversation_title_idx" ON "Conversation" USING GIN ("title" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "EngineConsent_engine_address_idx" ON "EngineConsent"("engine", "address");

-- CreateIndex
CREATE INDEX "EngineConsent_conversationId_idx" ON "EngineConsent"("conversationId");

-- CreateIndex
CREATE INDEX "Message_conversationId_createdAt_idx" ON "Message"("conversationId", "createdAt");

-- CreateIndex
CREATE INDEX "Message_parentId_idx" ON "Message"("parentId");

-- CreateIndex
CREATE INDEX "Message_state_idx" ON "Message"("state");

-- CreateIndex
CREATE INDEX "Message_text_idx" ON "Message" USING GIN ("text" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "MessageImage_imageId_idx" ON "MessageImage"("imageId");

-- CreateIndex
CREATE INDEX "Image_sha256_idx" ON "Image"("sha256");

-- CreateIndex
CREATE INDEX "Image_name_idx" ON "Image" USING GIN ("name" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "Image_ownerId_sha256_key" ON "Image"("ownerId", "sha256");

-- CreateIndex
CREATE INDEX "Inspection_mapKey_idx" ON "Inspection"("mapKey");

-- CreateIndex
CREATE UNIQUE INDEX "Inspection_imageId_bundle_referenceKey_key" ON "Inspection"("imageId", "bundle", "referenceKey");

-- CreateIndex
CREATE INDEX "Mask_imageId_idx" ON "Mask"("imageId");

-- CreateIndex
CREATE INDEX "Mask_messageId_idx" ON "Mask"("messageId");

-- CreateIndex
CREATE INDEX "Mask_inspectionId_idx" ON "Mask"("inspectionId");

-- CreateIndex
CREATE UNIQUE INDEX "Share_tokenHash_key" ON "Share"("tokenHash");

-- CreateIndex
CREATE INDEX "Share_ownerId_createdAt_idx" ON "Share"("ownerId", "createdAt");

-- CreateIndex
CREATE INDEX "Share_conversationId_idx" ON "Share"("conversationId");

-- CreateIndex
CREATE INDEX "ShareImage_imageId_idx" ON "ShareImage"("imageId");

-- CreateIndex
CREATE INDEX "Dataset_ownerId_deletedAt_updatedAt_idx" ON "Dataset"("ownerId", "deletedAt", "updatedAt");

-- CreateIndex
CREATE INDEX "DatasetItem_imageId_idx" ON "DatasetItem"("imageId");

-- CreateIndex
CREATE INDEX "DatasetItem_datasetId_score_idx" ON "DatasetItem"("datasetId", "score");

-- CreateIndex
CREATE INDEX "DatasetItem_datasetId_disagreement_idx" ON "DatasetItem"("datasetId", "disagreement");

-- CreateIndex
CREATE INDEX "DatasetItem_datasetId_uncertainty_idx" ON "DatasetItem"("datasetId", "uncertainty");

-- CreateIndex
CREATE INDEX "DatasetItem_datasetId_verdict_idx" ON "DatasetItem"("datasetId", "verdict");

-- CreateIndex
CREATE INDEX "DatasetItem_datasetId_modelVerdict_idx" ON "DatasetItem"("datasetId", "modelVerdict");

-- CreateIndex
CREATE UNIQUE INDEX "DatasetItem_datasetId_path_key" ON "DatasetItem"("datasetId", "path");

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

-- CreateIndex
CREATE INDEX "DraftJob_datasetId_createdAt_idx" ON "DraftJob"("datasetId", "createdAt");

-- CreateIndex
CREATE INDEX "DraftJob_state_idx" ON "DraftJob"("state");

-- CreateIndex
CREATE INDEX "ItemDraft_itemId_createdAt_idx" ON "ItemDraft"("itemId", "createdAt");

-- CreateIndex
CREATE INDEX "ReferenceSet_ownerId_idx" ON "ReferenceSet"("ownerId");

-- CreateIndex
CREATE INDEX "ReferenceSetImage_imageId_idx" ON "ReferenceSetImage"("imageId");

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

-- CreateIndex
CREATE INDEX "Review_itemId_createdAt_idx" ON "Review"("itemId", "createdAt");

-- CreateIndex
CREATE INDEX "Review_reviewerId_idx" ON "Review"("reviewerId");

-- CreateIndex
CREATE INDEX "AuditEvent_createdAt_idx" ON "AuditEvent"("createdAt");

-- CreateIndex
CREATE INDEX "AuditEvent_targetType_targetId_idx" ON "AuditEvent"("targetType", "targetId");

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Account" ADD CONSTRAINT "Account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_invitedById_fkey" FOREIGN KEY ("invitedById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "EngineConsent" ADD CONSTRAINT "EngineConsent_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "EngineConsent" ADD CONSTRAINT "EngineConsent_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Message"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "MessageEvent" ADD CONSTRAINT "MessageEvent_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "Message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MessageImage" ADD CONSTRAINT "MessageImage_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "Message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MessageImage" ADD CONSTRAINT "MessageImage_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChecklistTick" ADD CONSTRAINT "ChecklistTick_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "Message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Image" ADD CONSTRAINT "Image_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Inspection" ADD CONSTRAINT "Inspection_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mask" ADD CONSTRAINT "Mask_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mask" ADD CONSTRAINT "Mask_inspectionId_fkey" FOREIGN KEY ("inspectionId") REFERENCES "Inspection"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mask" ADD CONSTRAINT "Mask_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "Message"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mask" ADD CONSTRAINT "Mask_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mask" ADD CONSTRAINT "Mask_supersedesId_fkey" FOREIGN KEY ("supersedesId") REFERENCES "Mask"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "Share" ADD CONSTRAINT "Share_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Share" ADD CONSTRAINT "Share_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ShareImage" ADD CONSTRAINT "ShareImage_shareId_fkey" FOREIGN KEY ("shareId") REFERENCES "Share"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ShareImage" ADD CONSTRAINT "ShareImage_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Dataset" ADD CONSTRAINT "Dataset_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DatasetItem" ADD CONSTRAINT "DatasetItem_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DatasetItem" ADD CONSTRAINT "DatasetItem_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DatasetItem" ADD CONSTRAINT "DatasetItem_maskId_fkey" FOREIGN KEY ("maskId") REFERENCES "Mask"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Assignment" ADD CONSTRAINT "Assignment_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Assignment" ADD CONSTRAINT "Assignment_reviewerId_fkey" FOREIGN KEY ("reviewerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ItemComment" ADD CONSTRAINT "ItemComment_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ItemComment" ADD CONSTRAINT "ItemComment_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImportJob" ADD CONSTRAINT "ImportJob_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImportJob" ADD CONSTRAINT "ImportJob_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImportProblem" ADD CONSTRAINT "ImportProblem_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "ImportJob"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BatchJob" ADD CONSTRAINT "BatchJob_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BatchJob" ADD CONSTRAINT "BatchJob_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BatchResult" ADD CONSTRAINT "BatchResult_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "BatchJob"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BatchResult" ADD CONSTRAINT "BatchResult_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DraftJob" ADD CONSTRAINT "DraftJob_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DraftJob" ADD CONSTRAINT "DraftJob_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ItemDraft" ADD CONSTRAINT "ItemDraft_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "DraftJob"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ItemDraft" ADD CONSTRAINT "ItemDraft_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImageFeature" ADD CONSTRAINT "ImageFeature_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReferenceSet" ADD CONSTRAINT "ReferenceSet_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReferenceSet" ADD CONSTRAINT "ReferenceSet_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReferenceSetImage" ADD CONSTRAINT "ReferenceSetImage_referenceSetId_fkey" FOREIGN KEY ("referenceSetId") REFERENCES "ReferenceSet"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReferenceSetImage" ADD CONSTRAINT "ReferenceSetImage_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Part" ADD CONSTRAINT "Part_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PartSample" ADD CONSTRAINT "PartSample_partId_fkey" FOREIGN KEY ("partId") REFERENCES "Part"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PartSample" ADD CONSTRAINT "PartSample_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PartSample" ADD CONSTRAINT "PartSample_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PartCorrection" ADD CONSTRAINT "PartCorrection_partId_fkey" FOREIGN KEY ("partId") REFERENCES "Part"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PartCorrection" ADD CONSTRAINT "PartCorrection_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PartCorrection" ADD CONSTRAINT "PartCorrection_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PartCorrection" ADD CONSTRAINT "PartCorrection_undoneById_fkey" FOREIGN KEY ("undoneById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Review" ADD CONSTRAINT "Review_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "DatasetItem"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Review" ADD CONSTRAINT "Review_reviewerId_fkey" FOREIGN KEY ("reviewerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Review" ADD CONSTRAINT "Review_maskId_fkey" FOREIGN KEY ("maskId") REFERENCES "Mask"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Review" ADD CONSTRAINT "Review_supersedesId_fkey" FOREIGN KEY ("supersedesId") REFERENCES "Review"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "AuditEvent" ADD CONSTRAINT "AuditEvent_actorId_fkey" FOREIGN KEY ("actorId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
