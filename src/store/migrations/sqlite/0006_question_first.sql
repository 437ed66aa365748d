DROP INDEX `assignments_question`;--> statement-breakpoint
CREATE INDEX `assignments_question` ON `assignments` (`question_id`,`created_by`);