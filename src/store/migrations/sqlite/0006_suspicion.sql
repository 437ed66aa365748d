ALTER TABLE `questions` ADD `cleared_answers` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `questions` ADD `cleared_reports` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `questions` ADD `kept` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `questions` ADD `look_until` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `questions_suspected` ON `questions` (`look_until`,`id`) WHERE "questions"."state" = 'suspected';--> statement-breakpoint
CREATE INDEX `assignments_answered` ON `assignments` (`question_id`,`id`) WHERE "assignments"."answer_id" is not null;--> statement-breakpoint
CREATE INDEX `assignments_reported` ON `assignments` (`question_id`,`id`) WHERE "assignments"."report_reason" is not null;