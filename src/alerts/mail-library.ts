// A bundle of its own: who sends no mail never loads it. Only the library stands in it, because a bundle has its own copies
// of our error classes, which nothing outside would know again.
export { default as MailComposer } from 'nodemailer/lib/mail-composer';
export { default as SmtpConnection } from 'nodemailer/lib/smtp-connection';
