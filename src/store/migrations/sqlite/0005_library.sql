CREATE TABLE `libraries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`difficulty` text NOT NULL,
	`topic` text NOT NULL,
	`size` integer NOT NULL,
	`circulating` integer NOT NULL,
	CONSTRAINT "libraries_circulating" CHECK("libraries"."circulating" between 0 and "libraries"."size")
);
--> statement-breakpoint
CREATE UNIQUE INDEX `libraries_difficulty_topic` ON `libraries` (`difficulty`,`topic`);--> statement-breakpoint
CREATE TABLE `walks` (
	`user_id` text NOT NULL,
	`library_id` integer NOT NULL,
	`first` integer NOT NULL,
	`size` integer NOT NULL,
	`start` integer NOT NULL,
	`stride` integer NOT NULL,
	`step` integer NOT NULL,
	PRIMARY KEY(`user_id`, `library_id`),
	FOREIGN KEY (`library_id`) REFERENCES `libraries`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `questions` ADD `library_id` integer REFERENCES libraries(id);--> statement-breakpoint
ALTER TABLE `questions` ADD `position` integer;--> statement-breakpoint
INSERT INTO libraries (difficulty, topic, size, circulating)
SELECT difficulty, coalesce(topic, ''), count(*), count(*)
FROM questions
WHERE source = 'ai' AND state = 'circulating' AND fingerprint IS NOT NULL AND coalesce(questions.import_key, '') NOT LIKE 'original %'
  AND questions.id NOT IN (SELECT question_id FROM assignments WHERE import_key LIKE 'original %')
GROUP BY 1, 2
ORDER BY 1, 2;
--> statement-breakpoint
WITH entering AS (
  SELECT questions.id, libraries.id AS library_id,
    row_number() OVER (PARTITION BY libraries.id ORDER BY questions.id) - 1 AS position
  FROM questions JOIN libraries ON libraries.difficulty = questions.difficulty AND libraries.topic = coalesce(questions.topic, '')
  WHERE source = 'ai' AND state = 'circulating' AND fingerprint IS NOT NULL AND coalesce(questions.import_key, '') NOT LIKE 'original %'
    AND questions.id NOT IN (SELECT question_id FROM assignments WHERE import_key LIKE 'original %')
)
UPDATE questions SET library_id = entering.library_id, position = entering.position
FROM entering WHERE questions.id = entering.id;
--> statement-breakpoint
CREATE UNIQUE INDEX `questions_library` ON `questions` (`library_id`,`position`) WHERE "questions"."position" is not null;