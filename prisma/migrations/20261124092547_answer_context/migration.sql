-- AlterTable
ALTER TABLE "Message" ADD COLUMN "context" JSONB;
