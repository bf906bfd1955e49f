-- AlterTable
ALTER TABLE "Review" ADD COLUMN "before" JSONB;
